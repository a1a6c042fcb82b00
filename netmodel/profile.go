package netmodel

import "time"

// Congestion names a congestion control algorithm.
type Congestion uint8

// The algorithms: Linux' default (RFC 9438) and the classic one (RFC 5681, 3.1).
const (
	Cubic Congestion = iota
	Reno
)

// Profile is a TCP stack as data: the constants and settings that an observer of the network can
// tell apart. The mechanisms are Linux' own; another stack is Linux with other numbers and with
// mechanisms switched off. A host gets a copy.
type Profile struct {
	Name string

	// Clock. Timers count whole ticks; with Wheel they also round up to the granule of Linux'
	// timer wheel, an eighth of the timeout at most (kernel/time/timer.c).
	Tick  time.Duration
	Wheel bool

	// What a SYN offers.
	TTL           uint8
	MTU           int
	WindowScaling bool
	SACK          bool
	Timestamps    bool

	// Buffers: tcp_rmem and tcp_wmem as minimum, initial, maximum.
	RcvBuf, SndBuf [3]int
	MaxRcvBuf      int  // net.core.rmem_max
	AutoRcvBuf     bool // tcp_moderate_rcvbuf
	SkbOverhead    int  // what a buffered segment costs beside its payload
	NotSentLowat   int  // tcp_notsent_lowat; 0: no limit
	RxLinear       bool // received packets lie in linear buffers, as a tun device makes them

	// Connecting (RFC 9293, 3.8.3; tcp_syn_retries, tcp_syn_linear_timeouts, tcp_synack_retries).
	InitialRTO      time.Duration
	SynRetries      int
	SynLinear       int
	SynAckRetries   int
	AbortOnOverflow bool
	Ephemeral       [2]uint16

	// Retransmission (RFC 6298, RFC 8985).
	RTOMin, RTOMax time.Duration
	Retries1       int // tcp_retries1
	Retries2       int // tcp_retries2: the timeout is that of so many doublings of RTOMin
	OrphanRetries  int // 0: eight while alive
	TLP            bool
	RACK           bool
	FRTO           bool
	DSACK          bool
	ThinLinear     bool
	Reordering     int
	Collapse       bool // join small segments when retransmitting (tcp_retrans_collapse)

	// Congestion control.
	Congestion         Congestion
	InitialWindow      int
	SlowStartAfterIdle bool
	PushBursts         bool // PSH on the last segment of each burst cut from one buffer
	MinBurst           int  // tcp_min_tso_segs: segments that leave together at least

	// Acknowledgements.
	DelayedAckMin, DelayedAckMax time.Duration
	QuickAcks                    int
	PingPong                     int // tcp_pingpong_thresh
	CompressAcks                 time.Duration

	// Keepalive, as tcp_keepalive_time, _intvl, _probes.
	KeepIdle, KeepInterval time.Duration
	KeepCount              int

	// The end.
	FinTimeout  time.Duration // tcp_fin_timeout
	TimeWaitLen time.Duration
	TimeWaitNew bool // tcp_tw_reuse: connects take ports in TIME_WAIT, beside those that were bound
	RFC1337     bool // RSTs do not kill TIME_WAIT

	// What other stacks do and Linux does not (tcp_stacks.go).
	RTOBound             bool          // RTOMin bounds the whole RTO, not its variance term
	RTOSlop              time.Duration // added to each RTO of a connection
	CountRetries         bool          // give up after Retries2 retransmissions, whatever the time
	ConnectTimeout       time.Duration // give up a connect after so long; 0: SynRetries alone decide
	CloseOnInterfaceDown bool          // connections end when their interface goes down
	CloseOnAddressChange bool          // ... when their address changes

	// Limits on answers to what is out of the window (tcp_invalid_ratelimit, RFC 5961, 7).
	InvalidInterval time.Duration
	ChallengeLimit  int // a second; 0: none
}

// Linux returns the profile of Linux 6.18 with default settings and HZ=250, as the Debian kernels
// have it. Sources: Documentation/networking/ip-sysctl.rst and include/net/tcp.h.
func Linux() *Profile {
	return &Profile{
		Name:          "linux",
		Tick:          4 * time.Millisecond,
		Wheel:         true,
		TTL:           64,
		MTU:           1500,
		WindowScaling: true,
		SACK:          true,
		Timestamps:    true,

		RcvBuf:     [3]int{4096, 131072, 6291456},
		SndBuf:     [3]int{4096, 16384, 4194304},
		MaxRcvBuf:  4194304,
		AutoRcvBuf: true,
		// sizeof(sk_buff) 256, a head of 256 and skb_shared_info 320: what the windows and the full
		// send buffers of real hosts on veth interfaces give away.
		SkbOverhead: 832,

		InitialRTO:    time.Second,
		SynRetries:    6,
		SynLinear:     4,
		SynAckRetries: 5,
		Ephemeral:     [2]uint16{32768, 60999},

		RTOMin:     200 * time.Millisecond,
		RTOMax:     120 * time.Second,
		Retries1:   3,
		Retries2:   15,
		TLP:        true,
		RACK:       true,
		FRTO:       true,
		DSACK:      true,
		Reordering: 3,
		Collapse:   true,

		Congestion:         Cubic,
		InitialWindow:      10,
		SlowStartAfterIdle: true,
		PushBursts:         true,
		MinBurst:           2,

		DelayedAckMin: 40 * time.Millisecond,
		DelayedAckMax: 200 * time.Millisecond,
		QuickAcks:     16,
		PingPong:      1,
		CompressAcks:  time.Millisecond,

		KeepIdle:     2 * time.Hour,
		KeepInterval: 75 * time.Second,
		KeepCount:    9,

		FinTimeout:  60 * time.Second,
		TimeWaitLen: 60 * time.Second,

		InvalidInterval: 500 * time.Millisecond,
	}
}

// SetHZ sets the tick of the stack's timers as a kernel's CONFIG_HZ does.
func (p *Profile) SetHZ(hz int) { p.Tick = time.Second / time.Duration(hz) }
