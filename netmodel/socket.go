package netmodel

import "time"

// Socket is one end of a connection, or a listener. Its calls never block.
//
// The fields are Linux' (struct tcp_sock and inet_connection_sock), under RFC 9293's names where it
// has one. Microseconds are used where Linux does, so that rounding is the same.
type Socket struct {
	// User is for the owner of the socket; the model never touches it.
	User any

	host   *Host
	id     SocketID
	flow   flow
	state  State
	hashed bool // in host.conns
	woken  bool

	// What the application did and is to hear.
	err       Errno // SO_ERROR
	softErr   Errno // an ICMP error that is reported if the connection times out
	shut      uint8
	orphan    bool  // closed by the application (SOCK_DEAD)
	gone      bool  // forgotten
	reuseBind bool  // the port is counted in host.bound
	userBound bool  // bind(2) was called
	layer     layer // what the socket layer above TCP believes
	noSpace   bool  // the application met a full send buffer
	// finWaitTail: an orphan in FIN_WAIT_2 is down to what TIME_WAIT keeps of a connection.
	finWaitTail bool

	opt sockOptions

	// Listener and its children.
	parent   *Socket
	acceptQ  []*Socket
	backlog  int
	children []*Socket // not yet accepted: in SYN_RECEIVED or in acceptQ
	request  requestState

	sender
	receiver
	estimator
	recovery
	congestion
	keep keepState

	// Timers. xmit is shared by RTO, TLP, reordering and persist, as in Linux: pending says which.
	// unsettled: one was armed or stopped since the trace was told last.
	unsettled   bool
	xmit        tcpTimer
	delack      tcpTimer
	keepTimer   tcpTimer // keepalive, FIN_WAIT_2
	timeWait    tcpTimer
	compressed  tcpTimer // SACK compression
	synAckTimer tcpTimer
}

// layer is the state of the socket layer (SS_* of struct socket): connect(2) reports a result once.
type layer uint8

const (
	layerFree layer = iota
	layerConnecting
	layerConnected
	layerDisconnecting // shut down before it was connected
)

const (
	shutRecv uint8 = 1 << iota
	shutSend
)

// sockOptions are what setsockopt(2) sets.
type sockOptions struct {
	noDelay      bool
	cork         bool
	keepAlive    bool
	keepIdle     time.Duration
	keepInterval time.Duration
	keepCount    int
	userTimeout  time.Duration
	linger       time.Duration // negative: off
	sndBufLocked bool
	rcvBufLocked bool
	notSentLowat int
	synCount     int
	maxSegment   int
}

// sender is RFC 9293's send sequence space and the queue behind it.
type sender struct {
	iss       uint32
	sndUna    uint32
	sndNxt    uint32
	sndWnd    uint32
	sndWl1    uint32
	maxWnd    uint32
	sndSml    uint32 // end of the last small segment (Nagle, Minshall's variant)
	writeSeq  uint32
	pushedSeq uint32
	sndScale  uint8
	mss       int  // of data, options deducted (mss_cache)
	mssClamp  int  // the peer's MSS option
	headerLen int  // options that every segment carries, and the TCP header
	lastSent  Time // tick of the last data
	lastXmit  Time // of the last segment
	wmem      int  // sk_wmem_queued
	sndBuf    int
	queue     sendQueue
	arena     arena
	finQueued bool
	pushNow   bool // TCP_NAGLE_PUSH: until the next buffer begins
	segsOut   uint32
	ipID      uint16
	bytesAck  uint64
}

// receiver is the receive sequence space, the window and the acknowledgement machine.
type receiver struct {
	irs         uint32
	rcvNxt      uint32
	copied      uint32 // first byte that the application has not read
	peeked      uint32 // first byte that Receive has not given
	rcvWnd      uint32
	rcvWup      uint32 // rcvNxt when the window was last advertised
	ssthresh    uint32 // rcv_ssthresh: how far the window may open at present
	clamp       uint32 // window_clamp
	ratio       uint32 // window bytes per 256 bytes of memory (scaling_ratio)
	rcvBuf      int
	rcvScale    uint8
	scaleOK     bool
	sackOK      bool
	tsOK        bool
	advMSS      int
	rcv         recvQueue
	finSeen     bool
	finSeq      uint32 // of an out-of-order FIN
	finAhead    bool
	rcvMSS      int
	lastSegSize int
	lastRecv    Time // tick of the last data
	ato         time.Duration
	quick       int
	pingPong    int
	ackPending  uint8
	dsack       Block
	hasDSACK    bool
	sacks       [4]Block // most recent first
	nsacks      int
	dupAckCount int // SACKs sent at once before they are compressed
	dupAckNxt   uint32
	tsRecent    uint32
	tsStamp     Time // when tsRecent was taken; 0: never
	tsOffset    uint32
	lastAckSent uint32
	ackedAt     Time // last ACK of something out of the window (last_oow_ack_time)
	oowSet      bool
	space       spaceTuning
	segsIn      uint32
	bytesRecv   uint64
}

// Bits of ackPending.
const (
	ackSched uint8 = 1 << iota
	ackTimer
	ackPushed
	ackPushed2
	ackNow
	ackNoMemory // ICSK_ACK_NOMEM
)

// spaceTuning is the receive buffer's auto-tuning (tcp_rcv_space_adjust).
type spaceTuning struct {
	rtt      int64 // receiver's estimate, microseconds << 3
	rttSeq   uint32
	rttTime  Time
	space    int
	seq      uint32
	time     Time
	lastEcho uint32
}

// keepState counts unanswered probes, of keepalive and of the zero window.
type keepState struct {
	probes      int
	probeStamp  Time // tick at which probing began; 0: not probing
	rcvStamp    Time // tick of the last segment
	finWait2End time.Duration
}

// requestState is what Linux keeps of a connection that has only sent its SYN,ACK (request_sock).
type requestState struct {
	on       bool
	synSeq   uint32
	timeouts int
	retrans  int
	acked    bool // its ACK came, but the accept queue was full
	sent     Time // of the first SYN,ACK
	first    EventID
}

// tcpTimer is a timer and what the trace knows of it.
type tcpTimer struct {
	timer
	pending Timer // which of the timers that share it
	period  time.Duration

	// What the trace shows as running.
	shown    Timer
	shownDue Time
	armedBy  EventID
}

// NewSocket makes a socket (RFC 9293: a TCB in CLOSED).
func (h *Host) NewSocket() *Socket {
	s := h.newSocket()
	s.init()
	return s
}

func (h *Host) newSocket() *Socket {
	s := &Socket{host: h}
	s.id = h.net.addSocket(s)
	h.all = append(h.all, s)
	return s
}

func (s *Socket) init() {
	p := s.host.profile
	s.opt = sockOptions{keepIdle: p.KeepIdle, keepInterval: p.KeepInterval, keepCount: p.KeepCount,
		linger: -1, notSentLowat: p.NotSentLowat}
	s.sndBuf, s.rcvBuf = p.SndBuf[1], p.RcvBuf[1]
	s.ratio = defaultRatio
	s.rto = s.host.roundTicks(p.InitialRTO)
	s.mss = defaultMSS
	s.advMSS = p.MTU - headersIPv4
	s.reordering = p.Reordering
	s.cwnd, s.ssthr = p.InitialWindow, infiniteSsthresh
	s.arena.reuse = s.host.net.sink == nil
	s.initTimers()
}

func (s *Socket) initTimers() {
	for _, t := range s.timers() {
		t.owner = s
	}
}

const (
	defaultMSS  = 536 // RFC 9293, 3.7.1
	minimumMSS  = 88  // TCP_MIN_MSS
	headersIPv4 = 40
	tsOptionLen = 12 // with two NOPs in front
)
