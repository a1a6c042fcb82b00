package packetdrill

import (
	"fmt"
	"time"

	"halfopen/netmodel"
)

// watched is a socket in an epoll set.
type watched struct {
	file   *file
	events int64
	data   int64
	off    bool // EPOLLONESHOT has fired
	fresh  bool // added or changed since the last look
}

// ready are the poll events of a socket (net/ipv4/tcp.c, tcp_poll).
func ready(f *file) int64 {
	s := f.sock
	var ev int64
	state := s.State()
	if state == netmodel.Listen {
		if s.Readable() {
			return pollIn | pollRdnorm
		}
		return 0
	}
	if s.Err() != netmodel.OK {
		ev |= pollErr
	}
	if state == netmodel.Closed {
		ev |= pollHup
	}
	if state == netmodel.SynSent {
		return ev
	}
	if s.Readable() || f.readShut {
		ev |= pollIn | pollRdnorm
	}
	if s.PollWritable() {
		ev |= pollOut | pollWrnorm
	}
	switch state {
	case netmodel.CloseWait, netmodel.LastAck, netmodel.Closing, netmodel.TimeWait, netmodel.Closed:
		ev |= pollRdhup
	}
	if ev&pollRdhup != 0 && state != netmodel.CloseWait {
		ev |= pollHup
	}
	return ev
}

// deadline turns a timeout in milliseconds into an instant; negative waits for ever.
func (r *runner) deadline(ms int64) time.Duration {
	if ms < 0 {
		return forever
	}
	return r.now() + time.Duration(ms)*time.Millisecond
}

// callPoll: poll([{fd=4, events=POLLIN, revents=POLLIN}], 1, 100) = 1.
func (r *runner) callPoll(c *Call) (attempt, error) {
	list := c.arg(0)
	if list == nil || list.Kind != ExprList {
		return nil, fmt.Errorf("poll takes [{fd=4, events=POLLIN, revents=POLLIN}, ...]")
	}
	ms, err := r.intOf(c.arg(2))
	if err != nil {
		return nil, err
	}
	until := r.deadline(ms)
	return func() (outcome, error) {
		var n int64
		got := make([]int64, len(list.List))
		for i, e := range list.List {
			fd, err := r.intOf(e.field("fd"))
			if err != nil {
				return outcome{}, err
			}
			want, err := r.intOf(e.field("events"))
			if err != nil {
				return outcome{}, err
			}
			f := r.fds[fd]
			if f == nil || f.sock == nil {
				return outcome{}, fmt.Errorf("file descriptor %d is no socket", fd)
			}
			if got[i] = ready(f) & (want | pollErr | pollHup); got[i] != 0 {
				n++
			}
		}
		if n == 0 && ms != 0 && r.now() < until {
			r.wakeAt(until)
			return outcome{blocked: true}, nil
		}
		for i, e := range list.List {
			if err := r.same(e.field("revents"), got[i]); err != nil {
				return outcome{}, err
			}
		}
		return outcome{result: n}, nil
	}, nil
}

// wakeAt has the blocked call tried again at the given time, when its timeout is over.
func (r *runner) wakeAt(t time.Duration) {
	if t < forever {
		r.alarm = bootTime.Add(t)
	}
}

func (r *runner) callEpollCreate(c *Call) (attempt, error) {
	fd, err := r.intOf(c.Result)
	if err != nil {
		return nil, err
	}
	r.open(fd, &file{isEpoll: true})
	return done(outcome{result: fd}), nil
}

// callEpollCtl: epoll_ctl(4, EPOLL_CTL_ADD, 5, {events=EPOLLIN, fd=5}) = 0.
func (r *runner) callEpollCtl(c *Call) (attempt, error) {
	ep, err := r.fileOf(c, 0)
	if err != nil {
		return nil, err
	}
	f, err := r.fileOf(c, 2)
	if err != nil {
		return nil, err
	}
	w := watched{file: f, fresh: true}
	if e := c.arg(3); e != nil && e.Kind == ExprStruct {
		if w.events, err = r.intOf(e.field("events")); err != nil {
			return nil, err
		}
		if w.data, err = r.epollData(e); err != nil {
			return nil, err
		}
	}
	kept := ep.watch[:0:0]
	for _, old := range ep.watch {
		if old.file != f {
			kept = append(kept, old)
		}
	}
	if op := c.arg(1); op == nil || op.Text != "EPOLL_CTL_DEL" {
		kept = append(kept, w)
	}
	ep.watch = kept
	return done(outcome{}), nil
}

// epollData is the user data of an epoll event, under the name the script likes.
func (r *runner) epollData(e *Expr) (int64, error) {
	for _, name := range []string{"fd", "u32", "u64", "ptr"} {
		if v := e.field(name); v != nil {
			return r.intOf(v)
		}
	}
	return 0, nil
}

// callEpollWait: epoll_wait(4, {events=EPOLLIN, fd=5}, 1, 0) = 1. A watch with EPOLLET reports
// only after the socket woke up, one with EPOLLONESHOT only once.
func (r *runner) callEpollWait(c *Call) (attempt, error) {
	ep, err := r.fileOf(c, 0)
	if err != nil {
		return nil, err
	}
	ms, err := r.intOf(c.arg(3))
	if err != nil {
		return nil, err
	}
	until := r.deadline(ms)
	return func() (outcome, error) {
		n := int64(0)
		for i := range ep.watch {
			w := &ep.watch[i]
			if w.off || w.events&epollET != 0 && !w.fresh && !w.file.edge {
				continue
			}
			w.fresh, w.file.edge = false, false // looked at, be there something or not
			ev := ready(w.file) & (w.events&0xffff | pollErr | pollHup)
			if ev == 0 {
				continue
			}
			w.off = w.events&epollOneshot != 0
			n++
			if err := r.sameEvent(c.arg(1), ev, w.data); err != nil {
				return outcome{}, err
			}
		}
		if n == 0 && ms != 0 && r.now() < until {
			r.wakeAt(until)
			return outcome{blocked: true}, nil
		}
		return outcome{result: n}, nil
	}, nil
}

func (r *runner) sameEvent(e *Expr, ev, data int64) error {
	if e == nil || e.Kind != ExprStruct {
		return nil
	}
	if err := r.same(e.field("events"), ev); err != nil {
		return err
	}
	want, err := r.epollData(e)
	if err == nil && want != data {
		err = &mismatch{what: "the event of another file", expected: fmt.Sprint(want),
			actual: fmt.Sprint(data)}
	}
	return err
}
