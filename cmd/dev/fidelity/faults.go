package fidelity

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"halfopen/netmodel"
)

// bed is the testbed rebuilt: client - router - broker. The router holds every packet for the delay
// on its way out, and filters before that, as iptables' FORWARD chain does.
type bed struct {
	net            *netmodel.Network
	client, broker *netmodel.Host
	router         *netmodel.Host
	open           []openFault
}

// openFault is a fault that a later action ends, under the words that name it.
type openFault struct {
	key string
	id  netmodel.FaultID
}

// action applies one of the testbed's actions to the network. What concerns the programs only
// (kill, stop) is in the plan.
func (b *bed) action(now netmodel.Time, text string) error {
	f := strings.Fields(text)
	if len(f) == 0 {
		return fmt.Errorf("empty action")
	}
	key := strings.Join(f[1:], " ")
	switch verb := f[0]; {
	case verb == "cut":
		return b.begin(now, "cut "+key, netmodel.Fault{Kind: netmodel.FaultCut, Host: b.router,
			Match: b.direction(key)})
	case verb == "restore":
		return b.end(now, "cut "+key)
	case verb == "reject":
		fault := netmodel.Fault{Kind: netmodel.FaultReset, Host: b.router}
		if !strings.Contains(key, "reset") {
			fault.Kind, fault.Code = netmodel.FaultUnreachable, unreachable(key)
		}
		return b.begin(now, "reject "+key, fault)
	case verb == "unreject":
		return b.end(now, "reject "+key)
	case verb == "dropnth" && len(f) > 1:
		return b.begin(now, text, netmodel.Fault{Kind: netmodel.FaultMatch, Host: b.router,
			Match: b.clientData, Skip: atoi(f[1]), Count: 1})
	case strings.HasSuffix(verb, "link_down"), powerLossByLink(text):
		return b.begin(now, "link", netmodel.Fault{Kind: netmodel.FaultInterfaceDown,
			Host: b.hostOf(verb)})
	case strings.HasSuffix(verb, "link_up"):
		return b.end(now, "link")
	case strings.HasPrefix(verb, "power"):
		// The client's machine is cut off for good; its processes are killed (app.log says so).
		return b.begin(now, "power", netmodel.Fault{Kind: netmodel.FaultCut, Host: b.router})
	case strings.Contains(verb, "loss"):
		return nil // random loss is replayed packet by packet, see losses
	}
	if _, _, ok := processAction(text); ok {
		return nil
	}
	return fmt.Errorf("no fault corresponds to the action %q", text)
}

// powerLossByLink: a machine without power whose link is down, too: its neighbour finds out.
func powerLossByLink(action string) bool {
	return strings.Contains(action, "power") && strings.Contains(action, "link")
}

func (b *bed) begin(now netmodel.Time, key string, f netmodel.Fault) error {
	b.open = append(b.open, openFault{strings.TrimSpace(key), b.net.Begin(now, f)})
	return nil
}

func (b *bed) end(now netmodel.Time, key string) error {
	for i, o := range b.open {
		if o.key == strings.TrimSpace(key) {
			b.net.EndFault(now, o.id)
			b.open = append(b.open[:i], b.open[i+1:]...)
			return nil
		}
	}
	return fmt.Errorf("%q ends nothing that began", key)
}

func (b *bed) hostOf(verb string) *netmodel.Host {
	if strings.HasPrefix(verb, "broker") {
		return b.broker
	}
	return b.client
}

// direction limits a cut to c2b or b2c.
func (b *bed) direction(key string) func(*netmodel.Segment) bool {
	switch key {
	case "c2b":
		return func(s *netmodel.Segment) bool { return s.Dst.Addr == b.broker.Addr() }
	case "b2c":
		return func(s *netmodel.Segment) bool { return s.Src.Addr == b.broker.Addr() }
	}
	return nil
}

func (b *bed) clientData(s *netmodel.Segment) bool {
	return s.Dst.Addr == b.broker.Addr() && len(s.Payload) > 0
}

// unreachable turns iptables' --reject-with into a code.
func unreachable(key string) netmodel.Unreachable {
	switch {
	case strings.Contains(key, "net"):
		return netmodel.NetUnreachable
	case strings.Contains(key, "port"):
		return netmodel.PortUnreachable
	case strings.Contains(key, "prohib"):
		return netmodel.AdminProhibited
	}
	return netmodel.HostUnreachable
}

// effective is when an action took effect: applying it took from T to Done, and within that the
// first packet that was treated by the new rule tells, and the last one before it by the old rule.
func (r *Run) effective(a Action) float64 {
	lost := !heals(a.Action)
	last, first := a.T, a.Done
	sides := []Side{Client, Broker}
	switch {
	case strings.HasSuffix(a.Action, " c2b"):
		sides = sides[:1]
	case strings.HasSuffix(a.Action, " b2c"):
		sides = sides[1:]
	}
	each := func(do func(p *Packet)) {
		for _, s := range sides {
			for i := range r.At[s] {
				p := &r.At[s][i]
				if p.out(s) && p.T >= a.T && p.T < first && (p.lost || p.Arr != nil) {
					do(p)
				}
			}
		}
	}
	each(func(p *Packet) {
		if p.lost == lost {
			first = p.T
		}
	})
	if first == a.Done {
		return first
	}
	each(func(p *Packet) { last = max(last, p.T) })
	return (last + first) / 2
}

// heals reports whether an action ends a fault.
func heals(action string) bool {
	verb, _, _ := strings.Cut(action, " ")
	return strings.HasPrefix(verb, "un") || strings.HasPrefix(verb, "restore") ||
		strings.HasSuffix(verb, "up") || lossVerb(verb) && lossPart(action, 1) == 0
}

// lossVerb reports whether an action is about random loss; a power_loss is not.
func lossVerb(verb string) bool {
	return strings.Contains(verb, "loss") && !strings.Contains(verb, "power")
}

// lossPart is the part of the packets that "loss 0.2" or "loss 20%" loses, and usual for one that
// names no number; "unloss", "noloss" and "loss off" end it.
func lossPart(action string, usual float64) float64 {
	f := strings.Fields(action)
	if strings.HasPrefix(f[0], "un") || strings.HasPrefix(f[0], "no") ||
		strings.HasSuffix(f[0], "off") || strings.HasSuffix(action, " off") {
		return 0
	}
	for _, w := range f[1:] {
		number, percent := strings.CutSuffix(w, "%")
		if part, err := strconv.ParseFloat(number, 64); err == nil {
			if percent || part > 1 {
				part /= 100
			}
			return part
		}
	}
	return usual
}

// random reports whether the run has random loss.
func (r *Run) random() bool {
	if r.Meta.Parameters.Loss != nil {
		return true
	}
	for _, f := range r.Meta.Faults {
		if verb, _, _ := strings.Cut(f.Action, " "); lossVerb(verb) {
			return true
		}
	}
	return false
}

// nat is the router's NAT of the run, or nil.
func (r *Run) nat() *netmodel.NATConfig {
	n := r.Meta.Parameters.NAT
	if n == nil {
		return nil
	}
	c := &netmodel.NATConfig{Outside: "broker", Forgotten: netmodel.ForgottenPass,
		Unsolicited: netmodel.ForgottenPass}
	if n.DropInvalid {
		c.Forgotten, c.Unsolicited = netmodel.ForgottenDrop, netmodel.ForgottenDrop
	}
	set := func(name string, d *time.Duration) {
		if v, ok := n.Sysctls["net.netfilter.nf_conntrack_tcp_"+name]; ok {
			*d = time.Duration(atoi(v)) * time.Second
		}
	}
	t := &c.Timeouts
	set("timeout_syn_sent", &t.SynSent)
	set("timeout_syn_recv", &t.SynRecv)
	set("timeout_established", &t.Established)
	set("timeout_fin_wait", &t.FinWait)
	set("timeout_close_wait", &t.CloseWait)
	set("timeout_last_ack", &t.LastAck)
	set("timeout_time_wait", &t.TimeWait)
	set("timeout_close", &t.Close)
	set("timeout_max_retrans", &t.MaxRetrans)
	set("timeout_unacknowledged", &t.Unacknowledged)
	c.NoLoose = n.Sysctls["net.netfilter.nf_conntrack_tcp_loose"] == "0"
	return c
}
