package netmodel

import (
	"math"
	"time"
)

// estimator is RFC 6298 as Linux computes it, in microseconds: srtt is scaled by 8, the deviations
// by 4.
type estimator struct {
	srtt, mdev, mdevMax, rttvar int64
	rttSeq                      uint32
	rto                         time.Duration
	backoff                     int
	minRTT                      int64 // 0: none yet
	minRTTAt                    Time
	retransmits                 int // timeouts in a row
	totalRTO                    int
	rtoStamp                    Time
}

// ackRTTs measures the round trip from an acknowledgement (tcp_ack_update_rtt): from the time of
// the original transmission, or of a SACKed one, or, if retransmissions make that ambiguous, from
// the echoed timestamp. It reports whether there was a sample.
func (s *Socket) ackRTTs(a *ackState) bool {
	now := s.now()
	rtt, newest := int64(-1), int64(-1)
	if a.hasAcked && a.flags&ackRetransAcked == 0 {
		rtt = micros(now.Sub(a.firstSent))
		newest = micros(now.Sub(a.lastSent))
	}
	if a.hasSack {
		if rtt < 0 {
			rtt = micros(now.Sub(a.firstSack))
		}
		newest = micros(now.Sub(a.lastSack))
	}
	if rtt < 0 && a.sawTS && a.echo != 0 && a.flags&ackAcked != 0 {
		if ms := int64(int32(s.tsNow() - a.echo)); ms >= 0 {
			rtt = max(ms, 1) * 1000
			newest = rtt
		}
	}
	a.ackRTT = newest
	if rtt < 0 {
		return false
	}
	s.updateMinRTT(newest)
	s.estimate(rtt)
	s.setRTO()
	s.backoff = 0 // Karn's algorithm: only a valid sample takes the back-off back
	return true
}

func micros(d time.Duration) int64 { return int64(d / time.Microsecond) }

// updateMinRTT keeps the smallest round trip of the last five minutes (tcp_min_rtt_wlen; Linux
// keeps a windowed minimum, this keeps one value and its age).
func (s *Socket) updateMinRTT(us int64) {
	const window = 300 * time.Second
	us = max(us, 1)
	if s.minRTT == 0 || us <= s.minRTT || s.now().Sub(s.minRTTAt) > window {
		s.minRTT, s.minRTTAt = us, s.now()
	}
}

// estimate is tcp_rtt_estimator: the deviation falls slowly, at most once a round trip, and never
// below the minimal RTO; that is why Linux' RTO is the round trip plus 200 ms.
func (s *Socket) estimate(us int64) {
	floor := micros(s.host.profile.RTOMin)
	if s.host.profile.RTOBound {
		floor = micros(s.host.profile.Tick) // RFC 6298, (2.3): the clock's granularity
	}
	if s.srtt == 0 {
		s.srtt = us << 3
		s.mdev = us << 1
		s.rttvar = max(s.mdev, floor)
		s.mdevMax = s.rttvar
		s.rttSeq = s.sndNxt
		s.srtt = max(s.srtt, 1)
		return
	}
	m := us - s.srtt>>3
	s.srtt = max(s.srtt+m, 1)
	if m < 0 {
		m = -m - s.mdev>>2
		if m > 0 {
			m >>= 3 // a shorter round trip is not a reason to wait longer
		}
	} else {
		m -= s.mdev >> 2
	}
	s.mdev += m
	if s.mdev > s.mdevMax {
		s.mdevMax = s.mdev
		s.rttvar = max(s.rttvar, s.mdevMax)
	}
	if after(s.sndUna, s.rttSeq) {
		if s.mdevMax < s.rttvar {
			s.rttvar -= (s.rttvar - s.mdevMax) >> 2
		}
		s.rttSeq = s.sndNxt
		s.mdevMax = floor
	}
}

func (s *Socket) setRTO() { s.rto = min(s.roundRTO(), s.host.profile.RTOMax) }

// roundRTO is SRTT plus RTTVAR in whole ticks (__tcp_set_rto).
func (s *Socket) roundRTO() time.Duration {
	return s.host.roundTicks(s.ownRTO(time.Duration(s.srtt>>3+s.rttvar) * time.Microsecond))
}

// minRTTOrInf is the smallest round trip, or a huge one before there was any.
func (s *Socket) minRTTOrInf() int64 {
	if s.minRTT == 0 {
		return math.MaxUint32
	}
	return s.minRTT
}
