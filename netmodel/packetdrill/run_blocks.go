package packetdrill

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// shell takes what of a shell block concerns the model: its sysctl assignments, and a queueing
// discipline in front of the device that refuses everything.
func (r *runner) shell(ev *Event) error {
	set, notes := shellBlock(*ev.Shell, r.dir, 0)
	for _, n := range notes {
		if !r.device(n) {
			r.note(ev.Line, "%s", n)
		}
	}
	for _, s := range set {
		if !r.host.Profile().SetSysctl(s.Name, s.Value) && !harmless[s.Name] {
			r.foreign(s.Name + "=" + s.Value)
		}
	}
	return nil
}

var (
	qdisc   = regexp.MustCompile(`\btc\s+qdisc\s+(\w+)[^;]*?\broot\b([^;]*)`)
	noQueue = regexp.MustCompile(`\bpfifo\s+limit\s+0\b`)
	foreign = regexp.MustCompile(`\b(?:ip\s+(?:route|link|rule)|iptables|nft|bpftool)\b[^;]*`)
)

// device looks for what a command line does to the device or the routes, and reports whether it
// found something.
func (r *runner) device(line string) (found bool) {
	for _, m := range qdisc.FindAllStringSubmatch(line, -1) {
		found = true
		kind := strings.TrimSpace(m[2])
		r.host.SetCongested(noQueue.MatchString(kind))
		if strings.HasPrefix(kind, "fq") || strings.HasPrefix(kind, "netem") {
			r.foreign("the queueing discipline " + kind)
		}
	}
	if m := foreign.FindString(line); m != "" {
		found = true
		r.foreign(strings.TrimSpace(m))
	}
	return found
}

// foreign remembers that the script depends on something the model does not have. It may pass all
// the same; if not, that says nothing about the model.
func (r *runner) foreign(what string) {
	r.note(r.line, "not modelled: %s", what)
	if r.without == "" {
		r.without = fmt.Sprintf("line %d: %s", r.line, what)
	}
}

// harmless are the sysctls that nothing depends on in a model without segmentation offload, ECN,
// pacing and fast open, and which common files set for every script.
var harmless = map[string]bool{"tcp_fack": true, "tcp_tso_win_divisor": true, "tcp_ecn": true,
	"tcp_ecn_option": true, "tcp_pacing_ss_ratio": true, "tcp_pacing_ca_ratio": true,
	"tcp_fastopen": true, "tcp_fastopen_key": true, "tcp_syncookies": true,
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
