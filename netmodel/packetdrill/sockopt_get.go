package packetdrill

import (
	"fmt"
	"time"

	"halfopen/netmodel"
)

// callGetsockopt: getsockopt(4, SOL_SOCKET, SO_ERROR, [0], [4]) = 0.
func (r *runner) callGetsockopt(f *file, c *Call) (attempt, error) {
	name := c.arg(2)
	if name == nil {
		return nil, fmt.Errorf("no option")
	}
	v, ok := r.option(f, name.Text)
	if !ok {
		return nil, fmt.Errorf("%s: %w", name.Text, ErrUnsupported)
	}
	if err := r.same(c.arg(3), v); err != nil {
		return nil, err
	}
	return done(outcome{}), nil
}

// option is the present value of an option: the stack's own, or what was set, or a default.
func (r *runner) option(f *file, name string) (int64, bool) {
	info := f.sock.Info()
	was, set := f.set[name]
	p := r.host.Profile()
	defaults := map[string]int64{"TCP_NODELAY": 0, "TCP_CORK": 0, "TCP_USER_TIMEOUT": 0,
		"TCP_NOTSENT_LOWAT": 0, "SO_KEEPALIVE": 0, "TCP_SYNCNT": int64(p.SynRetries),
		"TCP_KEEPIDLE":  int64(p.KeepIdle / time.Second),
		"TCP_KEEPINTVL": int64(p.KeepInterval / time.Second), "TCP_KEEPCNT": int64(p.KeepCount)}
	switch name {
	case "SO_ERROR":
		return errnoNumber(f.sock.TakeError()), true
	case "SO_SNDBUF":
		return int64(info.SndBuf), true
	case "SO_RCVBUF":
		return int64(info.RcvBuf), true
	case "TCP_MAXSEG":
		// What was set counts until there is a connection (do_tcp_getsockopt).
		if st := info.State; set && was > 0 && (st == netmodel.Closed || st == netmodel.Listen) {
			return was, true
		}
		return int64(info.SndMSS), true
	}
	if set {
		return was, true
	}
	v, ok := defaults[name]
	return v, ok
}

// errnoNumber is Linux' number of an error.
func errnoNumber(e netmodel.Errno) int64 {
	if e == netmodel.OK {
		return 0
	}
	return symbols[e.Error()]
}
