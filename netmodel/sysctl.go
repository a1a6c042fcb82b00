package netmodel

import (
	"strconv"
	"strings"
	"time"
)

// SetSysctl sets what Linux calls net.ipv4.NAME (or net.core.NAME) in its documentation
// (Documentation/networking/ip-sysctl.rst). It reports whether the model has such a setting and the
// value makes sense; if not, nothing changes.
func (p *Profile) SetSysctl(name, value string) bool {
	if b := p.buffers(name); b != nil {
		return setBuffers(b, value)
	}
	if name == "tcp_congestion_control" {
		return p.setCongestion(value)
	}
	v, err := strconv.ParseInt(value, 0, 64)
	if err != nil {
		return false
	}
	if i := p.number(name); i != nil {
		*i = int(v)
		return true
	}
	if d, unit := p.length(name); d != nil {
		*d = time.Duration(v) * unit
		if d == &p.RTOMin { // the kernel keeps it in whole ticks (tcp_init_sock)
			*d = roundUp(*d, p.Tick)
		}
		return true
	}
	if b := p.toggle(name); b != nil {
		*b = v != 0
		return true
	}
	switch name {
	case "tcp_recovery": // bit 0 is RACK; the others relax it
		p.RACK = v&1 != 0
	case "tcp_tw_reuse": // 2, the default, is for loopback only
		p.TimeWaitNew = v == 1
	default:
		return false
	}
	return true
}

func (p *Profile) buffers(name string) *[3]int {
	switch name {
	case "tcp_rmem":
		return &p.RcvBuf
	case "tcp_wmem":
		return &p.SndBuf
	}
	return nil
}

// setBuffers parses minimum, initial size and maximum.
func setBuffers(to *[3]int, value string) bool {
	f := strings.Fields(value)
	if len(f) != len(to) {
		return false
	}
	var b [3]int
	for i, s := range f {
		v, err := strconv.Atoi(s)
		if err != nil || v < 0 {
			return false
		}
		b[i] = v
	}
	*to = b
	return true
}

func (p *Profile) setCongestion(value string) bool {
	switch value {
	case "cubic":
		p.Congestion = Cubic
	case "reno":
		p.Congestion = Reno
	default:
		return false
	}
	return true
}

func (p *Profile) number(name string) *int {
	switch name {
	case "tcp_syn_retries":
		return &p.SynRetries
	case "tcp_syn_linear_timeouts":
		return &p.SynLinear
	case "tcp_synack_retries":
		return &p.SynAckRetries
	case "tcp_retries1":
		return &p.Retries1
	case "tcp_retries2":
		return &p.Retries2
	case "tcp_orphan_retries":
		return &p.OrphanRetries
	case "tcp_reordering":
		return &p.Reordering
	case "tcp_pingpong_thresh":
		return &p.PingPong
	case "tcp_keepalive_probes":
		return &p.KeepCount
	case "tcp_challenge_ack_limit":
		return &p.ChallengeLimit
	case "rmem_max":
		return &p.MaxRcvBuf
	case "tcp_min_tso_segs":
		return &p.MinBurst
	case "tcp_notsent_lowat":
		return &p.NotSentLowat
	}
	return nil
}

func (p *Profile) length(name string) (*time.Duration, time.Duration) {
	switch name {
	case "tcp_fin_timeout":
		return &p.FinTimeout, time.Second
	case "tcp_keepalive_time":
		return &p.KeepIdle, time.Second
	case "tcp_keepalive_intvl":
		return &p.KeepInterval, time.Second
	case "tcp_rto_min_us":
		return &p.RTOMin, time.Microsecond
	case "tcp_rto_max_ms":
		return &p.RTOMax, time.Millisecond
	case "tcp_invalid_ratelimit":
		return &p.InvalidInterval, time.Millisecond
	case "tcp_comp_sack_delay_ns":
		return &p.CompressAcks, time.Nanosecond
	}
	return nil, 0
}

func (p *Profile) toggle(name string) *bool {
	switch name {
	case "tcp_window_scaling":
		return &p.WindowScaling
	case "tcp_sack":
		return &p.SACK
	case "tcp_timestamps":
		return &p.Timestamps
	case "tcp_dsack":
		return &p.DSACK
	case "tcp_frto":
		return &p.FRTO
	case "tcp_early_retrans": // 0 switches the tail loss probe off, 3 and 4 are the same
		return &p.TLP
	case "tcp_retrans_collapse":
		return &p.Collapse
	case "tcp_moderate_rcvbuf":
		return &p.AutoRcvBuf
	case "tcp_slow_start_after_idle":
		return &p.SlowStartAfterIdle
	case "tcp_abort_on_overflow":
		return &p.AbortOnOverflow
	case "tcp_thin_linear_timeouts":
		return &p.ThinLinear
	case "tcp_rfc1337":
		return &p.RFC1337
	}
	return nil
}
