package sim

import (
	"strconv"
	"strings"
	"time"

	"halfopen/netmodel"
	"halfopen/sim/scenario"
	"halfopen/sim/trace"
)

// step is one statement of a scenario that happens at a time: what a program is told to do, or a
// fault. Each has a program of its own, so that steps of one instant happen in the order in which
// they are written.
type step struct {
	in    *interpreter
	st    *scenario.Statement
	prog  *program
	at    time.Duration // of this time
	phase time.Duration // by which a program's step is late
	n     int
}

func (s *step) loop() {
	w := s.in.w
	s.at = s.st.At
	if s.st.Every > 0 {
		s.at = s.st.From
	}
	for w.sleepUntil(s.at + s.phase) {
		s.do()
		if s.st.Every == 0 {
			return
		}
		s.at += s.st.Every
	}
}

// do records the step, so that what follows has a cause, and carries it out.
func (s *step) do() {
	w := s.in.w
	s.n++
	w.do(s.prog, func(netmodel.Time) {
		w.action = w.record(trace.Action, 0, trace.App{Actor: s.st.Actor, Name: s.st.Verb,
			Text: s.st.Phrase()}, w.start)
	})
	switch a := s.st.Actor; {
	case a == "":
		s.fault()
	case s.in.clients[a] != nil:
		s.client(s.in.clients[a])
	case s.in.brokers[a] != nil:
		s.broker(s.in.brokers[a])
	}
}

func (s *step) client(c *Client) {
	if s.st.Verb != "start" && c.gone() {
		return // nobody is there who could do it
	}
	switch s.st.Verb {
	case "connect":
		c.ConnectLater()
	case "disconnect":
		c.Disconnect()
	case "subscribe":
		c.Subscribe(s.st.Args[0], byte(s.st.Int("qos")))
	case "unsubscribe":
		c.Unsubscribe(s.st.Args[0])
	case "publish":
		c.Publish(s.st.Args[0], byte(s.st.Int("qos")), s.st.Bool("retain"), s.payload())
	case "kill", "stop":
		c.Kill()
		s.after(c.Start)
	case "start":
		c.Start()
	case "freeze":
		c.Freeze()
		s.after(c.Thaw)
	case "thaw":
		c.Thaw()
	}
}

func (s *step) broker(b *Broker) {
	switch s.st.Verb {
	case "publish":
		_ = b.Publish(s.st.Args[0], s.payload(), byte(s.st.Int("qos")), s.st.Bool("retain"))
	case "stop":
		b.Stop()
		s.after(func() { s.start(b) })
	case "kill":
		b.Kill()
		s.after(func() { s.start(b) })
	case "start":
		s.start(b)
	case "freeze":
		b.Freeze()
		s.after(b.Thaw)
	case "thaw":
		b.Thaw()
	}
}

func (s *step) start(b *Broker) {
	if err := b.Start(); err != nil {
		s.in.w.mu.Lock()
		s.in.w.fail(err)
		s.in.w.mu.Unlock()
	}
}

// after undoes a step when its "for" is over.
func (s *step) after(undo func()) {
	if s.st.HasFor && s.in.w.sleepUntil(s.at+s.st.For+s.phase) {
		undo()
	}
}

// payload fills in the payload's placeholders ({unix} is the client's clock in whole seconds, {n}
// counts this step's messages from 1) and fills it up to its size.
func (s *step) payload() []byte {
	text := s.st.Payload()
	if strings.Contains(text, "{") {
		text = strings.ReplaceAll(text, "{unix}", strconv.FormatInt(time.Now().Unix(), 10))
		text = strings.ReplaceAll(text, "{n}", strconv.Itoa(s.n))
	}
	if more := int(s.st.Size("size")) - len(text); more > 0 {
		text += strings.Repeat(".", more)
	}
	return []byte(text)
}
