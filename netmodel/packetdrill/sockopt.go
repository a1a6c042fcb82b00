package packetdrill

import (
	"fmt"
	"time"

	"halfopen/netmodel"
)

// Limits of tcp_setsockopt (net/ipv4/tcp.c, include/net/tcp.h).
const (
	maxKeepIdle  = 32767
	maxKeepCount = 127
	minMaxSeg    = 88 // TCP_MIN_MSS
	maxMaxSeg    = 32767
)

// callSetsockopt: setsockopt(4, SOL_TCP, TCP_NODELAY, [1], 4) = 0.
func (r *runner) callSetsockopt(f *file, c *Call) (attempt, error) {
	name := c.arg(2)
	if name == nil {
		return nil, fmt.Errorf("no option")
	}
	if name.Text == "SO_LINGER" {
		return r.setLinger(f, c)
	}
	v, err := r.intOf(c.arg(3))
	if err != nil {
		return nil, err
	}
	set, ok := setters[name.Text]
	if !ok {
		return nil, fmt.Errorf("%s: %w", name.Text, ErrUnsupported)
	}
	return once(func() outcome {
		if e := set(r, f, v); e != netmodel.OK {
			return fail(e)
		}
		return outcome{}
	}), nil
}

// setLinger: setsockopt(4, SOL_SOCKET, SO_LINGER, {onoff=1, linger=0}, 8) = 0.
func (r *runner) setLinger(f *file, c *Call) (attempt, error) {
	on, err := r.intOf(c.arg(3).field("onoff"))
	if err != nil {
		return nil, err
	}
	sec, err := r.intOf(c.arg(3).field("linger"))
	if err != nil {
		return nil, err
	}
	d := time.Duration(sec) * time.Second
	if on == 0 {
		d = -1
	}
	return once(func() outcome { f.sock.SetLinger(d); return outcome{} }), nil
}

type setter func(r *runner, f *file, v int64) netmodel.Errno

// ignored are options that change nothing that a segment or a result shows.
func ignored(*runner, *file, int64) netmodel.Errno { return netmodel.OK }

var setters = map[string]setter{
	"SO_REUSEADDR": ignored, "SO_REUSEPORT": ignored, "IP_TOS": ignored, "SO_MARK": ignored,
	"SO_PRIORITY": ignored, "TCP_INQ": ignored, "IP_FREEBIND": ignored, "SO_OOBINLINE": ignored,
	"SO_MAX_PACING_RATE": ignored,
	"TCP_NODELAY": func(r *runner, f *file, v int64) netmodel.Errno {
		f.sock.SetNoDelay(v != 0)
		return netmodel.OK
	},
	"TCP_CORK": func(r *runner, f *file, v int64) netmodel.Errno {
		f.sock.SetCork(r.net.Now(), v != 0)
		return netmodel.OK
	},
	"TCP_QUICKACK": func(r *runner, f *file, v int64) netmodel.Errno {
		f.sock.SetQuickAck(r.net.Now(), v != 0)
		return netmodel.OK
	},
	"TCP_USER_TIMEOUT": func(r *runner, f *file, v int64) netmodel.Errno {
		if v < 0 {
			return netmodel.EINVAL
		}
		f.sock.SetUserTimeout(time.Duration(v) * time.Millisecond)
		return netmodel.OK
	},
	"TCP_MAXSEG": func(r *runner, f *file, v int64) netmodel.Errno {
		if v != 0 && (v < minMaxSeg || v > maxMaxSeg) {
			return netmodel.EINVAL
		}
		f.maxSeg = v
		f.sock.SetMaxSegment(int(v))
		return netmodel.OK
	},
	"TCP_SYNCNT": func(r *runner, f *file, v int64) netmodel.Errno {
		if v < 1 || v > maxKeepCount {
			return netmodel.EINVAL
		}
		f.sock.SetSynCount(int(v))
		return netmodel.OK
	},
	"TCP_NOTSENT_LOWAT": func(r *runner, f *file, v int64) netmodel.Errno {
		f.sock.SetNotSentLowat(int(v))
		return netmodel.OK
	},
	"SO_SNDBUF": func(r *runner, f *file, v int64) netmodel.Errno {
		f.sock.SetSendBuffer(int(v))
		return netmodel.OK
	},
	"SO_RCVBUF": func(r *runner, f *file, v int64) netmodel.Errno {
		f.sock.SetRecvBuffer(int(v))
		return netmodel.OK
	},
	"SO_KEEPALIVE": func(r *runner, f *file, v int64) netmodel.Errno {
		f.keep.on = v != 0
		return f.keep.apply(f.sock)
	},
	"TCP_KEEPIDLE": func(r *runner, f *file, v int64) netmodel.Errno {
		f.keep.idle = v
		return f.keep.limit(v, maxKeepIdle, f.sock)
	},
	"TCP_KEEPINTVL": func(r *runner, f *file, v int64) netmodel.Errno {
		f.keep.interval = v
		return f.keep.limit(v, maxKeepIdle, f.sock)
	},
	"TCP_KEEPCNT": func(r *runner, f *file, v int64) netmodel.Errno {
		f.keep.count = v
		return f.keep.limit(v, maxKeepCount, f.sock)
	},
}

// keepalive gathers the four keepalive options, which netmodel sets together.
type keepalive struct {
	on                    bool
	idle, interval, count int64 // 0: the sysctl's
}

func (k *keepalive) limit(v, limit int64, s *netmodel.Socket) netmodel.Errno {
	if v < 1 || v > limit {
		return netmodel.EINVAL
	}
	return k.apply(s)
}

func (k *keepalive) apply(s *netmodel.Socket) netmodel.Errno {
	s.SetKeepAlive(k.on, time.Duration(k.idle)*time.Second,
		time.Duration(k.interval)*time.Second, int(k.count))
	return netmodel.OK
}

// callGetsockopt: getsockopt(4, SOL_SOCKET, SO_ERROR, [0], [4]) = 0.
func (r *runner) callGetsockopt(f *file, c *Call) (attempt, error) {
	name := c.arg(2)
	if name == nil {
		return nil, fmt.Errorf("no option")
	}
	info := f.sock.Info()
	var v int64
	switch name.Text {
	case "SO_ERROR":
		v = errnoNumber(f.sock.TakeError())
	case "SO_SNDBUF":
		v = int64(info.SndBuf)
	case "SO_RCVBUF":
		v = int64(info.RcvBuf)
	case "TCP_MAXSEG":
		v = int64(info.SndMSS)
		if st := info.State; f.maxSeg > 0 && (st == netmodel.Closed || st == netmodel.Listen) {
			v = f.maxSeg // what was set counts until there is a connection (do_tcp_getsockopt)
		}
	default:
		return nil, fmt.Errorf("%s: %w", name.Text, ErrUnsupported)
	}
	if err := r.same(c.arg(3), v); err != nil {
		return nil, err
	}
	return done(outcome{}), nil
}

// errnoNumber is Linux' number of an error.
func errnoNumber(e netmodel.Errno) int64 {
	if e == netmodel.OK {
		return 0
	}
	return symbols[e.Error()]
}
