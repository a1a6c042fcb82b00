package packetdrill

import (
	"fmt"
	"time"
)

// Time stamps of transmission (SO_TIMESTAMPING, Documentation/networking/timestamping.rst): the
// last byte of each write gets one when it is handed to the device, and one when it is
// acknowledged.

// Bits of SO_TIMESTAMPING.
const (
	stampSoftware = 1 << 1 // SOF_TIMESTAMPING_TX_SOFTWARE
	stampSched    = 1 << 8
	stampAck      = 1 << 9
	stampAll      = stampSoftware | stampSched | stampAck
)

// Values of ee_info.
const (
	scmSnd   = 0
	scmSched = 1
	scmAck   = 2
)

// stamping is what a socket keeps of its stamps.
type stamping struct {
	flags   int64
	written int64 // bytes of all writes
	began   int64 // written when stamping was asked for: keys count from there
	pending []awaited
	queue   []stampMessage // the error queue
}

// awaited is a write whose last byte is not acknowledged.
type awaited struct {
	end  int64 // of written, behind the byte
	sent bool
}

type stampMessage struct {
	at   time.Duration
	kind int64
	key  int64
}

// wrote notes a write of n bytes.
func (s *stamping) wrote(n int64) {
	s.written += n
	if s.flags&stampAll != 0 && n > 0 {
		s.pending = append(s.pending, awaited{end: s.written})
	}
}

// look sends the messages that are due: sent and acked are counts of bytes.
func (s *stamping) look(now time.Duration, sent, acked int64) {
	kept := s.pending[:0]
	for _, p := range s.pending {
		if !p.sent && sent >= p.end {
			p.sent = true
			s.report(now, stampSched, scmSched, p.end)
			s.report(now, stampSoftware, scmSnd, p.end)
		}
		if acked >= p.end {
			s.report(now, stampAck, scmAck, p.end)
			continue
		}
		kept = append(kept, p)
	}
	s.pending = kept
}

func (s *stamping) report(now time.Duration, flag, kind, end int64) {
	if s.flags&flag != 0 {
		s.queue = append(s.queue, stampMessage{now, kind, end - s.began - 1})
	}
}

// stamped is a write that gets stamps.
func (r *runner) stamped(f *file, write attempt) attempt {
	return func() (outcome, error) {
		got, err := write()
		if err == nil && !got.blocked && got.result > 0 {
			f.stamps.wrote(got.result)
			r.lookAtStamps(f)
		}
		return got, err
	}
}

// lookAtStamps is called whenever something happened.
func (r *runner) lookAtStamps(f *file) {
	if len(f.stamps.pending) == 0 {
		return
	}
	acked := int64(f.sock.Info().BytesAcked)
	if f.conn.role == roleActive {
		acked-- // the SYN
	}
	f.stamps.look(r.now(), acked+int64(f.sock.Unacked()), acked)
}

// readStamp is recvmsg with MSG_ERRQUEUE.
func (r *runner) readStamp(f *file, c *Call) (outcome, error) {
	s := &f.stamps
	if len(s.queue) == 0 {
		return failName("EAGAIN"), nil
	}
	m := s.queue[0]
	s.queue = s.queue[1:]
	control := c.arg(1).field("msg_control")
	if control == nil || control.Kind != ExprList {
		return outcome{}, nil
	}
	for _, e := range control.List {
		data := e.field("cmsg_data")
		var err error
		switch kind := e.field("cmsg_type"); {
		case kind != nil && kind.Text == "SCM_TIMESTAMPING":
			err = r.sameStamp(data, m.at)
		case data.field("ee_info") != nil:
			if err = r.same(data.field("ee_info"), m.kind); err == nil {
				err = r.same(data.field("ee_data"), m.key)
			}
		default:
			err = fmt.Errorf("control message: %w", ErrUnsupported)
		}
		if err != nil {
			return outcome{}, err
		}
	}
	return outcome{}, nil
}

// sameStamp compares {scm_sec=0, scm_nsec=20000000} with a script time.
func (r *runner) sameStamp(e *Expr, at time.Duration) error {
	sec, err := r.intOf(e.field("scm_sec"))
	if err != nil {
		return err
	}
	nsec, err := r.intOf(e.field("scm_nsec"))
	if err != nil {
		return err
	}
	want := time.Duration(sec)*time.Second + time.Duration(nsec)
	if d := (at - want).Abs(); d > r.tolerance {
		return &mismatch{what: "another time stamp", expected: nanoseconds(want), actual: nanoseconds(at)}
	}
	return nil
}

func nanoseconds(d time.Duration) string { return fmt.Sprintf("%.9f", d.Seconds()) }
