package packetdrill

import (
	"time"

	"halfopen/netmodel"
)

// states numbers the states as Linux' tcpi_state does (include/net/tcp_states.h).
var states = map[netmodel.State]float64{netmodel.Established: 1, netmodel.SynSent: 2,
	netmodel.SynReceived: 3, netmodel.FinWait1: 4, netmodel.FinWait2: 5, netmodel.TimeWait: 6,
	netmodel.Closed: 7, netmodel.CloseWait: 8, netmodel.LastAck: 9, netmodel.Listen: 10,
	netmodel.Closing: 11}

// constants are the names that packetdrill gives to Python code (code.c).
func constants() names {
	vars := names{}
	for name, v := range map[string]float64{"TCP_ESTABLISHED": 1, "TCP_SYN_SENT": 2,
		"TCP_SYN_RECV": 3, "TCP_FIN_WAIT1": 4, "TCP_FIN_WAIT2": 5, "TCP_TIME_WAIT": 6,
		"TCP_CLOSE": 7, "TCP_CLOSE_WAIT": 8, "TCP_LAST_ACK": 9, "TCP_LISTEN": 10, "TCP_CLOSING": 11,
		"TCP_CA_Open": 0, "TCP_CA_Disorder": 1, "TCP_CA_CWR": 2, "TCP_CA_Recovery": 3,
		"TCP_CA_Loss": 4, "TCPI_OPT_TIMESTAMPS": 1, "TCPI_OPT_SACK": 2, "TCPI_OPT_WSCALE": 4,
		"TCPI_OPT_ECN": 8, "TCPI_OPT_ECN_SEEN": 16, "TCPI_OPT_SYN_DATA": 32,
		"True": 1, "False": 0} {
		vars[name] = val{num: v}
	}
	return vars
}

// tcpInfo sets the tcpi_ variables from the socket. What tcp_info counts in other units than the
// model is converted; what the model does not have stays unknown, and an assertion about it is
// skipped.
func (r *runner) tcpInfo(s *netmodel.Socket) {
	i := s.Info()
	usec := func(d time.Duration) float64 { return float64(d / time.Microsecond) }
	for name, v := range map[string]float64{
		"tcpi_state": states[i.State], "tcpi_ca_state": float64(i.CAState),
		"tcpi_retransmits": float64(i.Retransmits), "tcpi_probes": float64(i.Probes),
		"tcpi_backoff": float64(i.Backoff), "tcpi_options": float64(i.Options),
		"tcpi_snd_wscale": float64(i.SndWscale), "tcpi_rcv_wscale": float64(i.RcvWscale),
		"tcpi_rto": usec(i.RTO), "tcpi_ato": usec(i.ATO),
		"tcpi_snd_mss": float64(i.SndMSS), "tcpi_rcv_mss": float64(i.RcvMSS),
		"tcpi_unacked": float64(i.Unacked), "tcpi_sacked": float64(i.Sacked),
		"tcpi_lost": float64(i.Lost), "tcpi_retrans": float64(i.Retrans),
		"tcpi_rtt": usec(i.SRTT), "tcpi_rttvar": usec(i.RTTVar),
		"tcpi_snd_ssthresh": float64(i.SndSsthresh), "tcpi_snd_cwnd": float64(i.SndCwnd),
		"tcpi_advmss": float64(i.AdvMSS), "tcpi_reordering": float64(i.Reordering),
		"tcpi_rcv_ssthresh": float64(i.RcvSsthresh), "tcpi_rcv_space": float64(i.RcvSpace),
		"tcpi_total_retrans": float64(i.TotalRetrans), "tcpi_bytes_acked": float64(i.BytesAcked),
		"tcpi_bytes_received": float64(i.BytesReceived), "tcpi_segs_out": float64(i.SegsOut),
		"tcpi_segs_in": float64(i.SegsIn), "tcpi_notsent_bytes": float64(i.NotSent),
		"tcpi_min_rtt": usec(i.MinRTT), "tcpi_delivered": float64(i.Delivered),
		"tcpi_reord_seen": float64(i.ReordSeen), "tcpi_dsack_dups": float64(i.DSACKDups),
		"tcpi_total_rto": float64(i.TotalRTO),
		"tcpi_snd_wnd":   float64(i.SndWnd), "tcpi_rcv_wnd": float64(i.RcvWnd),
		"SK_MEMINFO_RCVBUF": float64(i.RcvBuf), "SK_MEMINFO_SNDBUF": float64(i.SndBuf),
	} {
		r.vars[name] = val{num: v}
	}
}
