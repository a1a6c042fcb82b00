package sim

import (
	"halfopen/netmodel"
	"halfopen/sim/trace"
)

// This file is about the program of the user's own on a host: what dials and listens by the host's
// methods. Brokers and clients of the world have such verbs of their own.

// Kill ends the host's program at once, as SIGKILL does: its kernel closes what the program opened
// by Dial and Listen, and the calls that wait for it fail with net.ErrClosed. Goroutines cannot be
// killed: tell yours to end. What dials or listens from then on is a new process.
func (h *Host) Kill() {
	h.w.do(h.prog, func(now netmodel.Time) {
		id := h.w.record(trace.ClientStopped, h.id, trace.App{Actor: h.prog.name, Text: "kill"},
			max(h.w.action, h.w.start))
		h.prog.kill(now, id)
		h.prog.dead = false
	})
}

// Freeze stops the host's program (SIGSTOP): its kernel goes on acknowledging, but nothing is read,
// and what the program writes is held back. Its goroutines and timers run on.
func (h *Host) Freeze() { h.w.freeze(h.prog) }

// Thaw lets a frozen program go on (SIGCONT).
func (h *Host) Thaw() { h.w.do(h.prog, h.prog.thaw) }

// ForgetNAT has a host that is a NAT lose its table, as when it restarts: it passes on nothing of
// the connections through it, unless its profile picks them up. On another host it does nothing. It
// is over at once.
func (h *Host) ForgetNAT() *Fault {
	return h.w.begin(h.w.director(), "forget "+h.name,
		netmodel.Fault{Kind: netmodel.FaultForgetNAT, Host: h.net})
}

// ChangeAddr gives the host another address, as when a phone goes from Wi-Fi to the mobile network:
// its connections keep the old one, and hear nothing any more. It is over at once; to go back is
// another change.
func (h *Host) ChangeAddr(a netmodel.Addr) *Fault {
	return h.w.begin(h.w.director(), "address "+h.name+" "+a.String(),
		netmodel.Fault{Kind: netmodel.FaultAddress, Host: h.net, Addr: a})
}
