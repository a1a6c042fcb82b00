package netmodel

import "time"

// Info is what TCP_INFO and ss(8) show of a connection.
type Info struct {
	State       State
	CAState     int // 0 Open, 1 Disorder, 2 CWR, 3 Recovery, 4 Loss
	Retransmits int // timeouts in a row
	Probes      int // unanswered probes, of keepalive or of the zero window
	Backoff     int
	Options     int // 1 timestamps, 2 SACK, 4 window scaling
	SndWscale   int
	RcvWscale   int

	RTO, ATO       time.Duration
	SndMSS, RcvMSS int
	AdvMSS         int

	Unacked, Sacked, Lost, Retrans int // segments
	TotalRetrans                   int
	TotalRTO                       int // retransmission timeouts
	Reordering, ReordSeen          int // the degree in segments, and how often there was some
	DSACKDups                      int // segments that the peer reported to have twice

	SRTT, RTTVar, MinRTT  time.Duration
	SndCwnd, SndSsthresh  int // segments; SndSsthresh 0x7fffffff is infinite
	SndWnd, RcvWnd        int
	RcvSsthresh, RcvSpace int
	SndBuf, RcvBuf        int
	WmemQueued, RmemAlloc int

	Delivered                 uint32
	BytesAcked, BytesReceived uint64
	SegsOut, SegsIn           uint32
	NotSent                   int
	Timer                     Timer // the next timer that will fire; 0: none
	TimerDue                  Time
	KeepaliveDue, DelackDue   Time // Never: not armed
}

// Info returns the connection's present figures.
func (s *Socket) Info() Info {
	i := Info{
		State: s.state, CAState: int(s.caState), Retransmits: s.retransmits, Probes: s.keep.probes,
		Backoff: s.backoff, RTO: s.rto, ATO: s.ato, SndMSS: s.mss, RcvMSS: s.rcvMSS,
		AdvMSS: s.advMSS, Unacked: s.queue.sent, Sacked: s.sackedOut, Lost: s.lostOut,
		Retrans: s.retransOut, TotalRetrans: s.totalRetrans, Reordering: s.reordering,
		ReordSeen: s.reordSeen, DSACKDups: s.dsackDups, TotalRTO: s.totalRTO,
		SRTT:    time.Duration(s.srtt>>3) * time.Microsecond,
		RTTVar:  time.Duration(s.infoRTTVar()) * time.Microsecond,
		MinRTT:  time.Duration(s.minRTT) * time.Microsecond,
		SndCwnd: s.cwnd, SndSsthresh: s.ssthr, SndWnd: int(s.sndWnd), RcvWnd: int(s.rcvWnd),
		RcvSsthresh: int(s.ssthresh), RcvSpace: s.space.space, SndBuf: s.sndBuf, RcvBuf: s.rcvBuf,
		WmemQueued: s.wmem, RmemAlloc: s.rcv.mem, Delivered: s.delivered, BytesAcked: s.bytesAck,
		BytesReceived: s.bytesRecv, SegsOut: s.segsOut, SegsIn: s.segsIn,
		NotSent: s.Unsent(), KeepaliveDue: Never, DelackDue: Never, TimerDue: Never,
	}
	if s.tsOK {
		i.Options |= 1
	}
	if s.sackOK {
		i.Options |= 2
	}
	if s.scaleOK {
		i.Options |= 4
		i.SndWscale, i.RcvWscale = int(s.sndScale), int(s.rcvScale)
	}
	s.infoTimers(&i)
	return i
}

// infoRTTVar: TCP_INFO shows the mean deviation, which is scaled by four.
func (s *Socket) infoRTTVar() int64 { return s.mdev >> 2 }

func (s *Socket) infoTimers(i *Info) {
	if s.keepTimer.armed() {
		i.KeepaliveDue = s.keepTimer.due
	}
	if s.delack.armed() {
		i.DelackDue = s.delack.due
	}
	for _, t := range [...]*tcpTimer{&s.xmit, &s.keepTimer, &s.delack, &s.timeWait, &s.synAckTimer} {
		if t.armed() && t.due < i.TimerDue {
			i.Timer, i.TimerDue = t.pending, t.due
		}
	}
}
