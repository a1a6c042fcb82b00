package packetdrill

import "errors"

// shell takes the sysctl assignments of a shell block.
func (r *runner) shell(ev *Event) error {
	set, notes := shellBlock(*ev.Shell, r.dir, 0)
	for _, n := range notes {
		r.note(ev.Line, "%s", n)
	}
	for _, s := range set {
		if !r.host.Profile().SetSysctl(s.Name, s.Value) && !harmless[s.Name] {
			r.note(ev.Line, "not modelled: %s=%s", s.Name, s.Value)
		}
	}
	return nil
}

// harmless are the sysctls that nothing depends on in a model without segmentation offload, ECN,
// pacing and fast open, and which common files set for every script.
var harmless = map[string]bool{"tcp_fack": true, "tcp_tso_win_divisor": true, "tcp_ecn": true,
	"tcp_ecn_option": true, "tcp_pacing_ss_ratio": true, "tcp_pacing_ca_ratio": true,
	"tcp_fastopen": true, "tcp_fastopen_key": true, "tcp_syncookies": true, "tcp_min_tso_segs": true,
	"tcp_frto": true}

// code runs a %{ }% block against the tcp_info of the connection under test.
func (r *runner) code(ev *Event) error {
	if f := r.current(); f != nil {
		r.tcpInfo(f.sock)
	}
	err := python(*ev.Code, r.vars)
	if errors.Is(err, errNotPlain) {
		r.note(ev.Line, "skipped: %v", err)
		return nil
	}
	if err != nil {
		return &mismatch{what: "the assertion does not hold", expected: err.Error()}
	}
	return nil
}
