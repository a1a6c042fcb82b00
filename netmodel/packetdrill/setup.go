package packetdrill

import (
	"fmt"
	"strconv"
	"time"

	"halfopen/netmodel"
)

// options applies the --name=value lines.
func (r *runner) options() error {
	for _, o := range r.script.Options {
		n, bad := strconv.Atoi(o.Value)
		usecs := time.Duration(n) * time.Microsecond
		var err error
		switch o.Name {
		case "tolerance_usecs":
			r.tolerance, err = usecs, bad
		case "tcp_ts_tick_usecs":
			r.tsTick, err = usecs, bad
		case "mss":
			r.joined, err = uint16(n), bad
		case "bind_port":
			r.local.Port, err = uint16(n), bad
		case "connect_port":
			r.remote.Port, err = uint16(n), bad
		case "local_ip":
			r.local.Addr, err = netmodel.ParseAddr(o.Value)
		case "remote_ip":
			r.remote.Addr, err = netmodel.ParseAddr(o.Value)
		case "ip_version", "define", "tcp_ts_ecr_scaled", "strict_segments":
		default:
			r.note(1, "option --%s is not used", o.Name)
		}
		if err != nil {
			return fmt.Errorf("%s:1: --%s: %w", r.script.Path, o.Name, err)
		}
	}
	return nil
}

func (r *runner) note(line int, format string, args ...any) {
	r.notes = append(r.notes, fmt.Sprintf("%s:%d: %s", r.script.Path, line,
		fmt.Sprintf(format, args...)))
}

// setUp builds the host under test and its wire. What comes out of the host is taken from the
// network's records, and dies on the wire; what the script injects is handed to the host.
func (r *runner) setUp() {
	r.net = netmodel.New(netmodel.Config{Seed: 1, Sink: r})
	profile := *netmodel.Linux()
	profile.SetHZ(r.cfg.HZ)
	profile.RxLinear = true // scripts expect the windows of a host behind a tun device
	r.host = r.net.AddHost(netmodel.HostConfig{Name: "host", Addr: r.local.Addr, Profile: &profile})
	wire := r.net.AddHost(netmodel.HostConfig{Name: "script", Addr: r.remote.Addr})
	link := r.net.AddLink(r.host, wire, netmodel.Conditions{})
	r.net.Begin(0, netmodel.Fault{Kind: netmodel.FaultCut, Link: link})
	r.net.Run(bootTime)
}
