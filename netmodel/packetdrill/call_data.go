package packetdrill

import (
	"fmt"

	"halfopen/netmodel"
)

// size is how many bytes a read or write is about, and its flags.
func (r *runner) size(c *Call) (n, flags int64, err error) {
	flagArg := -1
	switch c.Name {
	case "read", "write":
		n, err = r.intOf(c.arg(2))
	case "recv", "recvfrom", "send", "sendto":
		n, err = r.intOf(c.arg(2))
		flagArg = 3
	case "readv", "writev":
		n, err = r.vector(c.arg(1))
	case "recvmsg", "sendmsg":
		if c.arg(1) == nil || c.arg(1).Kind != ExprStruct {
			return 0, 0, fmt.Errorf("a message is written {msg_name(...)=..., msg_iov(1)=[...]}")
		}
		n, err = r.vector(c.arg(1).field("msg_iov"))
		flagArg = 2
	}
	if err == nil && flagArg >= 0 {
		flags, err = r.intOf(c.arg(flagArg))
	}
	return n, flags, err
}

// vector adds up [{..., 40}, {..., 60}].
func (r *runner) vector(e *Expr) (int64, error) {
	if e == nil || e.Kind != ExprList {
		return 0, nil
	}
	var n int64
	for _, v := range e.List {
		if v.Kind != ExprStruct || len(v.Fields) != 2 {
			return 0, fmt.Errorf("an element of a vector is written {..., length}")
		}
		k, err := r.intOf(v.Fields[1].Value)
		if err != nil {
			return 0, err
		}
		n += k
	}
	return n, nil
}

// callWrite queues bytes. A blocking write returns when all are in the send buffer; as the kernel,
// it is woken only when a good part of the buffer is free (sk_stream_is_writeable).
func (r *runner) callWrite(f *file, c *Call) (attempt, error) {
	n, flags, err := r.size(c)
	if err != nil {
		return nil, err
	}
	if bad := flags & (msgFastopen | msgOOB); bad != 0 {
		return nil, fmt.Errorf("flags %#x: %w", bad, ErrUnsupported)
	}
	if flags&msgZerocopy != 0 && r.without == "" {
		r.foreign("MSG_ZEROCOPY, whose pages are not joined to others")
	}
	if n > 0 && isNull(c) {
		return done(failName("EFAULT")), nil
	}
	return r.stamped(f, r.writing(f, n, flags)), nil
}

// isNull reports whether the buffer of a read or write is a null pointer.
func isNull(c *Call) bool {
	e := c.arg(1)
	return e != nil && e.Kind == ExprWord && e.Text == "NULL"
}

// sendFlags are the flags that the model has; with MSG_ZEROCOPY bytes are copied all the same.
func sendFlags(flags int64) netmodel.SendFlags {
	var f netmodel.SendFlags
	if flags&msgMore != 0 {
		f |= netmodel.SendMore
	}
	if flags&msgEOR != 0 {
		f |= netmodel.SendRecord
	}
	return f
}

// writing is the attempt to write n bytes.
func (r *runner) writing(f *file, n, flags int64) attempt {
	data := make([]byte, n)
	var written int64
	first := true
	return func() (outcome, error) {
		if !first && !f.sock.Writable() {
			return outcome{blocked: true}, nil
		}
		first = false
		for {
			k, e := f.sock.Send(r.net.Now(), data[written:], sendFlags(flags))
			written += int64(k)
			switch {
			case e == netmodel.EAGAIN && written > 0 && f.nonblock:
				return outcome{result: written}, nil
			case e == netmodel.EAGAIN && !f.nonblock && flags&msgDontwait == 0:
				return outcome{blocked: true}, nil
			case e != netmodel.OK && written > 0:
				return outcome{result: written}, nil
			case e != netmodel.OK:
				return fail(e), nil
			case written == n:
				return outcome{result: n}, nil
			case k == 0:
				return outcome{blocked: !f.nonblock, result: written}, nil
			}
		}
	}
}

// callRead takes bytes; a blocking read returns as soon as there are some, MSG_WAITALL apart.
func (r *runner) callRead(f *file, c *Call) (attempt, error) {
	n, flags, err := r.size(c)
	if err != nil {
		return nil, err
	}
	if flags&msgErrqueue != 0 {
		if f.stamps.flags == 0 || c.Name != "recvmsg" {
			return nil, fmt.Errorf("MSG_ERRQUEUE: %w", ErrUnsupported)
		}
		return func() (outcome, error) { return r.readStamp(f, c) }, nil
	}
	read := r.reading(f, n, flags)
	return func() (outcome, error) {
		if n > 0 && isNull(c) && f.sock.Buffered() > 0 {
			return failName("EFAULT"), nil
		}
		got, err := read()
		if err != nil || got.blocked || got.errno != "" {
			return got, err
		}
		return r.received(f, c, got.result)
	}, nil
}

// reading is the attempt to read up to n bytes.
func (r *runner) reading(f *file, n, flags int64) attempt {
	data := make([]byte, n)
	var got int64
	return func() (outcome, error) {
		if n == 0 {
			return outcome{}, nil
		}
		if flags&msgPeek != 0 && f.sock.Buffered() > 0 {
			return outcome{result: min(n, int64(f.sock.Buffered()))}, nil
		}
		for {
			k, e := f.sock.Read(r.net.Now(), data[got:])
			got += int64(k)
			switch {
			case e == netmodel.EAGAIN && (got == 0 || flags&msgWaitall != 0) && !f.nonblock &&
				flags&msgDontwait == 0:
				return outcome{blocked: true}, nil
			case e != netmodel.OK && got == 0:
				return fail(e), nil
			case e != netmodel.OK || k == 0 || got == n:
				return outcome{result: got}, nil
			}
		}
	}
}

// received checks what recvmsg stores beside the data: the bytes left (TCP_CM_INQ), as far as the
// script asks; the kernel counts a FIN behind the last byte as one.
func (r *runner) received(f *file, c *Call, n int64) (outcome, error) {
	if c.Name != "recvmsg" {
		return outcome{result: n}, nil
	}
	control := c.arg(1).field("msg_control")
	if control == nil || control.Kind != ExprList {
		return outcome{result: n}, nil
	}
	for _, m := range control.List {
		kind := m.field("cmsg_type")
		if kind == nil || kind.Text != "TCP_CM_INQ" {
			return outcome{}, fmt.Errorf("control message: %w", ErrUnsupported)
		}
		left := int64(f.sock.Buffered())
		if left == 0 && f.sock.Readable() {
			left = 1
		}
		if err := r.same(m.field("cmsg_data"), left); err != nil {
			return outcome{}, err
		}
	}
	return outcome{result: n}, nil
}
