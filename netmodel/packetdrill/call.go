package packetdrill

import (
	"fmt"
	"time"

	"halfopen/netmodel"
)

// file is an open file descriptor of the script: a socket or an epoll instance.
type file struct {
	fd       int64
	sock     *netmodel.Socket
	conn     *conn
	nonblock bool
	readShut bool // SHUT_RD
	edge     bool // woke up since epoll_wait last looked (EPOLLET)
	keep     keepalive
	set      map[string]int64 // options by name
	plain    bool             // an ordinary file or a pipe
	linger   time.Duration    // how long close waits
	stamps   stamping
	watch    []watched // epoll
	isEpoll  bool
}

// outcome is what a call returned so far: blocked, or a result with an error.
type outcome struct {
	blocked bool
	result  int64
	errno   string
}

func fail(e netmodel.Errno) outcome { return outcome{result: -1, errno: e.Error()} }

func failName(name string) outcome { return outcome{result: -1, errno: name} }

// attempt is one try of a call. While it is blocked it is tried again whenever something happened.
type attempt func() (outcome, error)

// blocked is the call that has not returned yet.
type blocked struct {
	ev    *Event
	try   attempt
	file  *file
	until time.Duration // script time at which it must return
	timed bool
}

// call makes a system call of the script.
func (r *runner) call(ev *Event) error {
	if err := r.awaitBlocked(); err != nil {
		return err
	}
	end := ev.Call.End
	if ev.Kind == Relative {
		// Start and end count from the same instant, the end of the event before (run.c,
		// adjust_relative_event_times); now is already From later.
		end += r.now() - ev.From
	}
	b := &blocked{ev: ev, until: end, timed: ev.Call.Blocking}
	try, f, err := r.prepare(ev.Call)
	if err != nil {
		return fmt.Errorf("%s: %w", ev.Call.Name, err)
	}
	b.try, b.file = try, f
	r.block = b
	if err := r.tryBlocked(); err != nil || r.block == nil || b.timed {
		return err
	}
	// A call that the script does not give an end for may block all the same.
	limit := r.net.Now().Add(forever)
	for r.block != nil {
		more, err := r.step(limit)
		if err != nil {
			return err
		}
		if !more {
			return &mismatch{what: "the call never returns", expected: ev.Text}
		}
	}
	return nil
}

// tryBlocked lets the blocked call, if any, try again, and checks what it returns.
func (r *runner) tryBlocked() error {
	b := r.block
	if b == nil {
		return nil
	}
	got, err := b.try()
	if err != nil {
		return fmt.Errorf("%s: %w", b.ev.Call.Name, err)
	}
	if got.blocked {
		return nil
	}
	r.block = nil
	return r.check(b, got)
}

// awaitBlocked waits for the blocked call to return before the next call or the end of the script.
func (r *runner) awaitBlocked() error {
	if r.block == nil {
		return nil
	}
	b := r.block
	limit := bootTime.Add(max(b.until, r.now()) + patience)
	for r.block != nil {
		more, err := r.step(limit)
		if err != nil {
			return err
		}
		if !more {
			break
		}
	}
	if r.block != nil {
		return &mismatch{line: b.ev.Line, what: "the call did not return", expected: b.ev.Text}
	}
	return nil
}

// check compares what a call returned, and when, with the script.
func (r *runner) check(b *blocked, got outcome) error {
	c := b.ev.Call
	actual := fmt.Sprintf("%s = %d", c.Name, got.result)
	if got.errno != "" {
		actual += " " + got.errno
	}
	bad := ""
	switch {
	case c.Result.Kind == ExprEllipsis:
	case c.Name == "socket" || c.Name == "accept" || c.Name == "accept4" || c.Name == "epoll_create" ||
		c.Name == "epoll_create1":
		want, err := r.intOf(c.Result)
		if err != nil {
			return err
		}
		if (want < 0) != (got.result < 0) || want < 0 && c.Errno != got.errno {
			bad = "another result"
		}
	default:
		want, err := r.intOf(c.Result)
		if err != nil {
			return err
		}
		if want != got.result || c.Errno != "" && c.Errno != got.errno {
			bad = "another result"
		}
	}
	if bad == "" && b.timed {
		slack := r.slack(b.until)
		if d := r.now() - b.until; d > slack+r.wheel(b.until) || d < -slack {
			bad = fmt.Sprintf("the call returned at %s, not at %s", stamp(r.now()), stamp(b.until))
		}
	}
	if bad == "" {
		return nil
	}
	return &mismatch{line: b.ev.Line, what: bad, expected: b.ev.Text, actual: actual}
}

// arg returns argument i, or nil.
func (c *Call) arg(i int) *Expr {
	if i < len(c.Args) {
		return c.Args[i]
	}
	return nil
}

// fileOf returns the open file that argument i names.
func (r *runner) fileOf(c *Call, i int) (*file, error) {
	fd, err := r.intOf(c.arg(i))
	if err != nil {
		return nil, err
	}
	if f := r.fds[fd]; f != nil {
		return f, nil
	}
	return nil, fmt.Errorf("file descriptor %d is not open", fd)
}

// current is the open socket of the connection under test.
func (r *runner) current() *file {
	for i := len(r.files) - 1; i >= 0; i-- {
		if f := r.files[i]; f.sock != nil && f.conn == r.conn {
			return f
		}
	}
	return nil
}

func (r *runner) open(fd int64, f *file) {
	f.fd, f.set = fd, map[string]int64{}
	r.fds[fd] = f
	r.files = append(r.files, f)
}

// prepare checks a call's arguments and returns its attempt.
func (r *runner) prepare(c *Call) (attempt, *file, error) {
	if make, ok := fileless[c.Name]; ok {
		try, err := make(r, c)
		return try, nil, err
	}
	make, ok := calls[c.Name]
	if !ok {
		return nil, nil, ErrUnsupported
	}
	f, err := r.fileOf(c, 0)
	if err != nil {
		if fd, e := r.intOf(c.arg(0)); e == nil && c.Errno == "EBADF" && r.fds[fd] == nil {
			return done(failName("EBADF")), nil, nil
		}
		return nil, nil, err
	}
	if f.sock == nil && c.Name != "close" {
		return nil, nil, fmt.Errorf("%d is no socket", f.fd)
	}
	try, err := make(r, f, c)
	return try, f, err
}

// done is the attempt of a call that never blocks.
func done(o outcome) attempt { return func() (outcome, error) { return o, nil } }

// once is an attempt whose work is done at once.
func once(f func() outcome) attempt { return func() (outcome, error) { return f(), nil } }

// fileless are the calls whose first argument is no open file, calls all others.
var (
	fileless map[string]func(*runner, *Call) (attempt, error)
	calls    map[string]func(*runner, *file, *Call) (attempt, error)
)

func init() {
	fileless = map[string]func(*runner, *Call) (attempt, error){
		"socket": (*runner).callSocket, "poll": (*runner).callPoll,
		"epoll_create": (*runner).callEpollCreate, "epoll_create1": (*runner).callEpollCreate,
		"epoll_ctl": (*runner).callEpollCtl, "epoll_wait": (*runner).callEpollWait,
		"open": (*runner).callOpen, "pipe": (*runner).callPipe, "splice": (*runner).callSplice,
	}
	calls = map[string]func(*runner, *file, *Call) (attempt, error){
		"bind": (*runner).callBind, "listen": (*runner).callListen, "connect": (*runner).callConnect,
		"accept": (*runner).callAccept, "accept4": (*runner).callAccept,
		"read": (*runner).callRead, "recv": (*runner).callRead, "recvfrom": (*runner).callRead,
		"recvmsg": (*runner).callRead, "readv": (*runner).callRead,
		"write": (*runner).callWrite, "send": (*runner).callWrite, "sendto": (*runner).callWrite,
		"sendmsg": (*runner).callWrite, "writev": (*runner).callWrite,
		"close": (*runner).callClose, "shutdown": (*runner).callShutdown,
		"fcntl": (*runner).callFcntl, "ioctl": (*runner).callIoctl,
		"setsockopt": (*runner).callSetsockopt, "getsockopt": (*runner).callGetsockopt,
		"sendfile": (*runner).callSendfile,
	}
}
