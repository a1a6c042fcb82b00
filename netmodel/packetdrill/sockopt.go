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
	if ignored[name.Text] {
		return done(outcome{}), nil
	}
	set, ok := setters[name.Text]
	if !ok {
		return nil, fmt.Errorf("%s: %w", name.Text, ErrUnsupported)
	}
	v, err := r.intOf(c.arg(3))
	if err != nil {
		return nil, err
	}
	return once(func() outcome {
		if e := set(r, f, v); e != netmodel.OK {
			return fail(e)
		}
		f.set[name.Text] = v
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
	return once(func() outcome {
		f.sock.SetLinger(d)
		f.linger = max(d, 0)
		return outcome{}
	}), nil
}

type setter func(r *runner, f *file, v int64) netmodel.Errno

// ignored are options that change nothing that a segment or a result shows.
var ignored = map[string]bool{"SO_REUSEADDR": true, "SO_REUSEPORT": true, "SO_MARK": true,
	"SO_PRIORITY": true, "SO_OOBINLINE": true, "SO_MAX_PACING_RATE": true, "SO_ZEROCOPY": true,
	"IP_TOS": true, "IP_FREEBIND": true, "IP_MTU_DISCOVER": true, "TCP_INQ": true}

var setters = map[string]setter{
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
	"SO_TIMESTAMPING": func(r *runner, f *file, v int64) netmodel.Errno {
		f.stamps.flags, f.stamps.began = v, f.stamps.written
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
