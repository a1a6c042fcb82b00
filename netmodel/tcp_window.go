package netmodel

import (
	"math/bits"
	"time"
)

// The receive window: how much of the receive buffer's memory may be promised to the peer
// (tcp_select_window, tcp_grow_window, tcp_rcv_space_adjust).

const (
	defaultRatio = 128 // TCP_DEFAULT_SCALING_RATIO: half of the memory is payload
	maxScale     = 14  // RFC 7323, 2.3
)

// winFromSpace is how many bytes of payload fit into n bytes of memory.
func (s *Socket) winFromSpace(n int) int { return int(int64(n) * int64(s.ratio) >> 8) }

func (s *Socket) fullSpace() int { return s.winFromSpace(s.rcvBuf) }

func (s *Socket) recvSpace() int { return s.winFromSpace(s.rcvBuf - s.rcv.mem) }

// initialWindow decides what a SYN offers: window, clamp and scale (tcp_select_initial_window).
func (s *Socket) initialWindow(mss int, scaling bool) {
	p := s.host.profile
	full := s.fullSpace()
	clamp := s.clamp
	if s.opt.rcvBufLocked && (clamp == 0 || int(clamp) > full) {
		clamp = uint32(full)
	}
	if clamp == 0 {
		clamp = 65535 << maxScale
	}
	space := min(full, int(clamp))
	if space > mss {
		space -= space % mss
	}
	s.rcvWnd = uint32(space) // the SYN says at most 65535, but what follows may say more
	s.rcvScale = 0
	if scaling {
		widest := min(max(space, p.RcvBuf[2], p.MaxRcvBuf), int(clamp))
		s.rcvScale = uint8(min(max(bits.Len(uint(widest))-1-15, 0), maxScale))
	}
	s.clamp = min(65535<<s.rcvScale, clamp)
	s.ssthresh = s.rcvWnd
}

// receiveWindow is what is left of the window that was advertised last (tcp_receive_window).
func (s *Socket) receiveWindow() uint32 {
	win := int32(s.rcvWup + s.rcvWnd - s.rcvNxt)
	return uint32(max(win, 0))
}

// selectWindow decides the window that a segment carries. It never takes back what was promised
// (RFC 9293, 3.8.6: shrinking).
func (s *Socket) selectWindow() uint16 {
	current := s.receiveWindow()
	win := s.chooseWindow()
	switch {
	case s.ackPending&ackNoMemory != 0:
		win = 0 // what came could not be kept: only now a promise is taken back
	case win < current:
		win = align(current, s.rcvScale)
	}
	s.rcvWnd = win
	s.rcvWup = s.rcvNxt
	if s.rcvScale == 0 {
		win = min(win, 65535)
	} else {
		win = min(win, 65535<<s.rcvScale)
	}
	return uint16(win >> s.rcvScale)
}

func align(n uint32, shift uint8) uint32 {
	m := uint32(1)<<shift - 1
	return (n + m) &^ m
}

// chooseWindow is __tcp_select_window: the free space, limited by the slowly growing threshold,
// and nothing if it is less than a segment (receiver's silly window avoidance, RFC 9293,
// 3.8.6.2.2).
func (s *Socket) chooseWindow() uint32 {
	mss := s.rcvMSS
	free := s.recvSpace()
	allowed := s.fullSpace()
	full := min(int(s.clamp), allowed)
	if mss > full {
		if mss = full; mss <= 0 {
			return 0
		}
	}
	if free < full>>1 {
		s.quick = 0
		free -= free % (1 << s.rcvScale)
		if free < allowed>>4 || free < mss {
			return 0
		}
	}
	free = min(free, int(s.ssthresh))
	if s.rcvScale > 0 {
		return align(uint32(free), s.rcvScale)
	}
	win := int(s.rcvWnd)
	if win <= free-mss || win > free {
		win = free - free%mss
	} else if mss == full && free > win+full>>1 {
		win = free
	}
	return uint32(win)
}

// growWindow opens the window threshold when data arrives whose overhead the buffer can bear
// (tcp_grow_window).
func (s *Socket) growWindow(length, truesize int) {
	room := min(int(s.clamp), s.recvSpace()) - int(s.ssthresh)
	if room <= 0 {
		return
	}
	incr := 0
	if s.winFromSpace(truesize) <= length {
		incr = 2 * s.advMSS
	} else {
		incr = s.slowGrowth(length, truesize)
	}
	if incr > 0 {
		s.ssthresh += uint32(min(room, max(incr, 2*length)))
		s.quick |= 1
	}
}

func (s *Socket) slowGrowth(length, truesize int) int {
	size := s.winFromSpace(truesize) >> 1
	window := s.winFromSpace(s.host.profile.RcvBuf[2]) >> 1
	for int(s.ssthresh) <= window {
		if size <= length {
			return 2 * s.rcvMSS
		}
		size >>= 1
		window >>= 1
	}
	return 0
}

// measureRcvMSS guesses the peer's segment size, which the acknowledgement rules need
// (tcp_measure_rcv_mss). The ratio of payload to memory follows from full segments.
func (s *Socket) measureRcvMSS(seg *Segment, cost rxCost) {
	last := s.lastSegSize
	s.lastSegSize = 0
	flags, length := seg.Flags, len(seg.Payload)
	if seg.Joined > 0 {
		length = int(seg.Joined)
	}
	if length >= s.rcvMSS {
		if length != s.rcvMSS {
			ratio := uint32(len(seg.Payload) << 8 / cost.truesize)
			if ratio = max(ratio, 1); ratio != s.ratio {
				s.ratio = ratio
				s.setClamp(uint32(s.fullSpace()))
			}
		}
		s.rcvMSS = min(length, s.advMSS)
		if flags&PSH != 0 {
			s.ackPending |= ackPushed
		}
		return
	}
	whole := length + s.headerLen
	if whole >= defaultMSS+20 || whole >= minimumMSS+20 && flags&(FIN|URG|SYN|PSH) == 0 {
		s.lastSegSize = length
		if length == last {
			s.rcvMSS = length
			return
		}
	}
	if s.ackPending&ackPushed != 0 {
		s.ackPending |= ackPushed2
	}
	s.ackPending |= ackPushed
}

// setClamp limits the window anew, and what it has grown to with it (tcp_set_window_clamp).
func (s *Socket) setClamp(clamp uint32) {
	clamp = max(clamp, minRcvBuf/2)
	if clamp < s.clamp {
		s.ssthresh = min(s.ssthresh, clamp)
	} else if clamp > s.clamp {
		s.ssthresh = max(s.ssthresh, min(s.rcvWnd, clamp))
	}
	s.clamp = clamp
	s.space.space = min(s.space.space, int(clamp))
}

// guessRcvMSS is the first guess (tcp_initialize_rcv_mss).
func (s *Socket) guessRcvMSS() {
	hint := min(s.advMSS, s.mss, int(s.rcvWnd/2), defaultMSS)
	s.rcvMSS = max(hint, minimumMSS)
}

// initBufferSpace sets what needs the negotiated options (tcp_init_buffer_space).
func (s *Socket) initBufferSpace() {
	s.expandSendBuffer()
	s.space.time = s.now()
	s.space.seq = s.copied
	full, mss := uint32(s.fullSpace()), uint32(s.advMSS)
	s.clamp = min(s.clamp, full)
	if s.clamp > 2*mss && s.clamp+mss > full {
		s.clamp = max(2*mss, full-mss) // one segment is kept in reserve
	}
	s.ssthresh = min(s.ssthresh, s.clamp)
	s.space.space = min(int(s.ssthresh), int(s.rcvWnd), s.host.profile.InitialWindow*s.advMSS)
}

// measureRTT is the receiver's round trip estimate from timestamps (tcp_rcv_rtt_measure_ts): of the
// first full segment with each echo, unless it is too short for the clock.
func (s *Socket) measureRTT(seg *Segment) {
	t := &s.space
	if !s.tsOK || !seg.Options.HasTimestamps || seg.Options.TSEcr == t.lastEcho {
		return
	}
	t.lastEcho = seg.Options.TSEcr
	if int(seg.SeqLen()) < s.rcvMSS {
		return
	}
	if ms := int64(int32(s.tsNow() - t.lastEcho)); ms > 0 {
		s.updateRecvRTT(ms*1000, false)
	}
}

// measureRTTByWindow estimates it by the time that a window takes to be filled
// (tcp_rcv_rtt_measure).
func (s *Socket) measureRTTByWindow() {
	t := &s.space
	if t.rttTime != 0 {
		if before(s.rcvNxt, t.rttSeq) {
			return
		}
		us := int64(s.now().Sub(t.rttTime) / time.Microsecond)
		s.updateRecvRTT(max(us, 1), true)
	}
	t.rttSeq = s.rcvNxt + s.rcvWnd
	t.rttTime = s.now()
}

// updateRecvRTT takes a smaller sample at once, and believes in a longer one only if the
// application keeps up: it may hold the pauses of the sender or the application
// (tcp_rcv_rtt_update since Linux 6.16).
func (s *Socket) updateRecvRTT(sample int64, byWindow bool) {
	t := &s.space
	m := sample << 3
	switch {
	case t.rtt == 0 || m < t.rtt:
		t.rtt = m
	case !byWindow && s.rcvNxt == s.copied:
		t.rtt += sample - t.rtt>>3
	}
}

// adjustSpace enlarges the receive buffer when the application reads more in a round trip than it
// did before (tcp_rcv_space_adjust).
func (s *Socket) adjustSpace() {
	t := &s.space
	us := int64(s.now().Sub(t.time) / time.Microsecond)
	if t.rtt == 0 || us < t.rtt>>3 {
		return
	}
	read := int(s.copied-t.seq) - s.Buffered()
	if read > t.space {
		s.growRecvBuffer(read)
	}
	t.seq = s.copied
	t.time = s.now()
}

// growRecvBuffer makes room for twice what was read in a round trip, more if that grows, and for
// what lies beyond a hole (tcp_rcvbuf_grow).
func (s *Socket) growRecvBuffer(read int) {
	t := &s.space
	old := max(t.space, 1)
	t.space = read
	p := s.host.profile
	if !p.AutoRcvBuf || s.opt.rcvBufLocked {
		return
	}
	win := 2 * int64(read)
	win += 2 * (win * int64(read-old) / int64(old))
	if n := len(s.rcv.ooo); n > 0 {
		win += int64(s.rcv.ooo[n-1].Right - s.rcvNxt)
	}
	need := win << 8 / int64(s.ratio)
	if size := int(min(need, int64(p.RcvBuf[2]))); size > s.rcvBuf {
		s.rcvBuf = size
		s.clamp = uint32(s.fullSpace())
	}
}
