package sim

import (
	"fmt"
	"strings"
	"time"

	"halfopen/netmodel"
	"halfopen/sim/scenario"
	"halfopen/sim/trace"
)

// RunScenario runs a scenario to its end and returns what happened. An error with a trace says that
// the run ended early, or that an expectation failed (*ExpectationError); the trace shows what led
// to it.
func RunScenario(s *scenario.Scenario, o Options) (*trace.Trace, error) {
	if err := scenario.Check(s); err != nil {
		return nil, err
	}
	o.Scenario = s.String()
	return run(o.from(s), func(w *World) error {
		in := newInterpreter(w, s)
		if err := in.build(); err != nil {
			return err
		}
		in.play()
		return w.judge(s)
	})
}

// from fills in what the scenario says about the run as a whole.
func (o Options) from(s *scenario.Scenario) Options {
	o.Seed = s.Seed()
	if o.Start.IsZero() {
		o.Start = s.Start()
	}
	for i := range s.Statements {
		if st := &s.Statements[i]; st.Verb == "limit" {
			o.Limits.Events = int(st.Int("events"))
			o.Limits.Hosts = int(st.Int("hosts"))
		}
	}
	return o
}

// interpreter turns statements into a world, and then into what happens in it.
type interpreter struct {
	w       *World
	s       *scenario.Scenario
	hosts   map[string]*Host // looked up, never iterated
	clients map[string]*Client
	brokers map[string]*Broker
	links   map[linkName]*netmodel.Link
	faults  []inForce // guarded by w.mu
}

func newInterpreter(w *World, s *scenario.Scenario) *interpreter {
	return &interpreter{w: w, s: s, hosts: map[string]*Host{}, clients: map[string]*Client{},
		brokers: map[string]*Broker{}, links: map[linkName]*netmodel.Link{}}
}

// build makes hosts, links, brokers and clients, in this order whatever the order of the
// statements: a broker needs its host, and a client may connect as soon as it is there.
func (in *interpreter) build() error {
	steps := []struct {
		verbs string
		make  func(*scenario.Statement) error
	}{
		{"host router nat", in.host}, {"broker client", in.ownHost}, {"link", in.link},
		{"broker", in.broker}, {"client", in.client},
	}
	for _, step := range steps {
		for i := range in.s.Statements {
			st := &in.s.Statements[i]
			if st.IsStep() || !hasWord(step.verbs, st.Verb) {
				continue
			}
			if err := step.make(st); err != nil {
				return fmt.Errorf("line %d: %w", st.Line, err)
			}
		}
	}
	return nil
}

func hasWord(words, word string) bool {
	for _, w := range strings.Fields(words) {
		if w == word {
			return true
		}
	}
	return false
}

func (in *interpreter) host(st *scenario.Statement) error {
	opts, err := hostOptions(st)
	if err != nil {
		return err
	}
	switch st.Verb {
	case "router":
		opts = append(opts, AsRouter())
	case "nat":
		nat, err := natConfig(st)
		if err != nil {
			return err
		}
		opts = append(opts, WithNAT(nat))
	}
	in.hosts[st.Args[0]] = in.w.Host(st.Args[0], opts...)
	return nil
}

// ownHost makes the host of a broker or client that is not placed on another.
func (in *interpreter) ownHost(st *scenario.Statement) error {
	if st.Verb == "client" && st.Text("host") != "" {
		return nil
	}
	opts, err := hostOptions(st)
	if err != nil {
		return err
	}
	in.hosts[st.Args[0]] = in.w.Host(st.Args[0], opts...)
	return nil
}

func (in *interpreter) link(st *scenario.Statement) error {
	c, err := conditions(st)
	if err != nil {
		return err
	}
	a, b := st.Args[0], st.Args[1]
	l := in.w.Link(in.hosts[a], in.hosts[b], c).net
	in.links[linkName{a, b}], in.links[linkName{b, a}] = l, l
	return nil
}

func (in *interpreter) broker(st *scenario.Statement) error {
	name := st.Args[0]
	opts := []BrokerOption{OnHost(in.hosts[name]), OnPort(uint16(st.Int("port"))),
		BrokerSockets(sockets(st)), clientQueue(st)}
	if st.Bool("persist") {
		opts = append(opts, WithStore())
	}
	in.brokers[name] = in.w.Broker(name, opts...)
	return in.w.err
}

// client makes a client and, a few microseconds after its start time, has it connect: its timers
// then meet nobody else's.
func (in *interpreter) client(st *scenario.Statement) error {
	name := st.Args[0]
	b := in.brokerOf(st)
	if b == nil {
		return fmt.Errorf("client %s: which broker? Add broker=NAME", name)
	}
	c := clientConfig(st)
	if h := st.Text("host"); h != "" {
		c.Host = in.hosts[h]
	} else {
		c.Host = in.hosts[name]
	}
	cl := in.w.Client(name, b, c)
	in.clients[name] = cl
	start := st.Duration("start") + in.w.newDice(name, 0).phase(time.Millisecond)
	go func() {
		if in.w.sleepUntil(start) {
			cl.ConnectLater()
		}
	}()
	return nil
}

func (in *interpreter) brokerOf(st *scenario.Statement) *Broker {
	if name := st.Text("broker"); name != "" {
		return in.brokers[name]
	}
	if len(in.w.brokers) == 1 {
		return in.w.brokers[0]
	}
	return nil
}

// play lets the steps happen, each in a goroutine of its own, and returns when the run is over.
func (in *interpreter) play() {
	for i := range in.s.Statements {
		st := &in.s.Statements[i]
		if !st.IsStep() {
			continue
		}
		in.w.mu.Lock()
		p := in.w.newProgram("world", nil)
		in.w.mu.Unlock()
		run := &step{in: in, st: st, prog: p}
		if st.Actor != "" {
			run.phase = in.w.newDice("step "+st.Actor, uint64(i)).phase(100 * time.Microsecond)
		}
		go run.loop()
	}
	in.w.sleepUntil(in.s.Length())
}
