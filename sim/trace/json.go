package trace

import (
	"bufio"
	"io"
	"strconv"
	"time"

	"halfopen/netmodel"
)

// JSON writes the whole trace as one document, which DecodeJSON reads back: version, scenario,
// seed, epoch, length, ties and hash; hosts, links, sockets with their MQTT packets, faults,
// messages; and events as JSONL has them, without what can be looked up (labels, the segments of
// arrivals).
func (t *Trace) JSON(w io.Writer) error {
	e := &encoder{t: t}
	out := bufio.NewWriterSize(w, 1<<16)
	b := append(e.buf, `{"version":1`...)
	b = appendText(b, "scenario", t.Scenario)
	b = append(key(b, "seed"), '"') // a text: JavaScript's numbers end at 2^53
	b = append(strconv.AppendUint(b, t.Seed, 10), '"')
	b = appendText(b, "epoch", t.Epoch.UTC().Format(time.RFC3339Nano))
	b = appendSeconds(key(b, "length"), t.Length)
	b = appendInt(b, "ties", int64(t.Ties))
	b = appendText(b, "hash", t.Hash())
	b = e.tables(b)
	b = append(b, ",\n\"events\":["...)
	for i := range t.Events {
		if i > 0 {
			b = append(b, ',')
		}
		b = e.event(append(b, '\n'), ID(i+1), &t.Events[i])
		if len(b) > 1<<15 {
			if _, err := out.Write(b); err != nil {
				return err
			}
			b = b[:0]
		}
	}
	if _, err := out.Write(append(b, "\n]}\n"...)); err != nil {
		return err
	}
	return out.Flush()
}

// list appends a member that is an array with one object a line.
func list(b []byte, name string, n int, object func(b []byte, i int) []byte) []byte {
	b = append(b, ",\n\""...)
	b = append(b, name...)
	b = append(b, `":[`...)
	for i := range n {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(object(append(b, '\n'), i), '}')
	}
	return append(b, ']')
}

func (e *encoder) tables(b []byte) []byte {
	t := e.t
	b = list(b, "hosts", len(t.Hosts), func(b []byte, i int) []byte {
		h := &t.Hosts[i]
		b = appendQuoted(append(b, `{"name":`...), h.Name)
		b = appendText(b, "addr", h.Addr.String())
		b = appendText(b, "profile", h.Profile)
		b = appendFlag(b, "router", h.Router)
		return appendText(b, "real", h.Real)
	})
	b = list(b, "links", len(t.Links), func(b []byte, i int) []byte {
		l := &t.Links[i]
		b = strconv.AppendInt(append(b, `{"id":`...), int64(i+1), 10)
		b = e.host(b, "a", l.A)
		b = e.host(b, "b", l.B)
		return appendTime(b, "latency", netmodel.Time(l.Latency))
	})
	b = list(b, "sockets", len(t.Sockets), func(b []byte, i int) []byte {
		return e.socket(b, i)
	})
	b = list(b, "faults", len(t.Faults), func(b []byte, i int) []byte {
		f := &t.Faults[i]
		b = appendQuoted(append(b, `{"text":`...), f.Text)
		b = appendInt(b, "link", int64(f.Link))
		b = e.host(b, "from", f.From)
		b = e.host(b, "host", f.Host)
		b = appendTime(b, "begin", f.Begin)
		return appendTime(b, "end", f.End)
	})
	return list(b, "messages", len(t.Messages), func(b []byte, i int) []byte {
		m := &t.Messages[i]
		b = strconv.AppendInt(append(b, `{"id":`...), int64(i+1), 10)
		b = appendText(b, "publisher", m.Publisher)
		b = appendText(b, "topic", m.Topic)
		b = appendPayload(b, m.Payload)
		b = appendInt(b, "qos", int64(m.QoS))
		b = appendFlag(b, "retain", m.Retain)
		return appendInt(b, "published", int64(m.Published))
	})
}

func (e *encoder) socket(b []byte, i int) []byte {
	s := &e.t.Sockets[i]
	b = strconv.AppendInt(append(b, `{"id":`...), int64(i+1), 10)
	b = e.host(b, "host", s.Host)
	b = appendText(b, "local", s.Local.String())
	b = appendText(b, "remote", s.Remote.String())
	b = appendInt(b, "peer", int64(s.Peer))
	b = appendInt(b, "iss", int64(s.ISS))
	b = appendText(b, "actor", s.Actor)
	if len(s.Packets) == 0 {
		return b
	}
	b = append(key(b, "packets"), '[')
	for j := range s.Packets {
		p := &s.Packets[j]
		if j > 0 {
			b = append(b, ',')
		}
		b = appendQuoted(append(b, `{"type":`...), p.Name())
		b = appendInt(b, "event", int64(p.Event))
		b = appendInt(b, "offset", int64(p.Offset))
		b = appendInt(b, "len", int64(p.Len))
		b = appendInt(b, "id", int64(p.ID))
		b = appendInt(b, "message", int64(p.Message))
		b = append(appendText(b, "info", p.Info), '}')
	}
	return append(b, ']')
}
