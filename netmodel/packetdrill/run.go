package packetdrill

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"halfopen/netmodel"
)

// Config says how to run scripts.
type Config struct {
	// HZ is the tick rate of the kernel under test; 0 means 1000, with which public scripts are run.
	HZ int
	// Echo has TS ecr of expected packets compared too; packetdrill itself does not.
	Echo bool
	// Packets has the result list every packet.
	Packets bool
	// Defines are words of the script that stand for others.
	Defines map[string]string
}

// Result is what came of a script.
type Result struct {
	Err     error    // nil: passed; errors.Is ErrUnsupported: could not be run
	Notices []string // what was skipped
	Packets []string // all that went over the wire, with Config.Packets
}

// Tolerances of packetdrill (config.c): an absolute one, which scripts set with --tolerance_usecs,
// and a part of the time since the event before.
const (
	defaultTolerance = 4 * time.Millisecond
	tolerancePercent = 12.5
	bootTime         = netmodel.Time(10 * time.Second) // script time 0
	// patience is how long an expected packet, or the end of a blocked call, is waited for beyond
	// its time (run_packet.c, sniff_outbound_live_packet).
	patience = 2 * time.Second
	// forever bounds a wait that the script does not bound: longer than any TCP timer lasts.
	forever = 4 * time.Hour
)

// runner runs one script.
type runner struct {
	cfg       Config
	script    *Script
	dir       string
	tolerance time.Duration
	tsTick    time.Duration // 0: TS val is not compared
	joined    uint16        // --mss: longer injected packets are runs of such segments

	net    *netmodel.Network
	host   *netmodel.Host
	local  netmodel.Endpoint // where servers listen
	remote netmodel.Endpoint // what clients connect to
	out    []sent            // segments of the stack that the script has not asked for yet
	ids    netmodel.EventID
	conn   *conn
	conns  []*conn // those made by injected segments
	fds    map[int64]*file
	files  []*file // the same, in the order of their making
	block  *blocked
	alarm  netmodel.Time // when the blocked call's timeout is over; 0: it has none
	prev   time.Duration // script time of the event before
	vars   names
	log    []string
	notes  []string
	seen   []passed

	line    int    // of the present event
	without string // what the script depends on and the model does not have
}

// RunFile parses and runs the script at path.
func RunFile(path string, cfg Config) Result {
	b, err := os.ReadFile(path)
	if err != nil {
		return Result{Err: err}
	}
	s, err := parseWith(path, string(b), cfg.Defines)
	if err != nil {
		return Result{Err: err}
	}
	return s.Run(cfg)
}

// Run runs the script.
func (s *Script) Run(cfg Config) Result {
	if cfg.HZ == 0 {
		cfg.HZ = 1000
	}
	r := &runner{cfg: cfg, script: s, dir: filepath.Dir(s.Path), tolerance: defaultTolerance,
		fds: map[int64]*file{}, vars: constants(),
		local:  netmodel.Endpoint{Addr: netmodel.AddrFrom4(192, 168, 0, 1), Port: 8080},
		remote: netmodel.Endpoint{Addr: netmodel.AddrFrom4(192, 0, 2, 1), Port: 8080}}
	err := r.options()
	if err == nil {
		r.setUp()
		err = r.events()
	}
	if err != nil && r.without != "" && !errors.Is(err, ErrUnsupported) {
		err = fmt.Errorf("%w: %s; %w", ErrUnsupported, r.without, err)
	}
	return Result{Err: err, Notices: r.notes, Packets: r.packets()}
}

// Record implements netmodel.Sink.
func (r *runner) Record(rec *netmodel.Record) netmodel.EventID {
	r.ids++
	if rec.Kind == netmodel.SegmentSent && r.host != nil && rec.Host == r.host.ID() && rec.Link != 0 {
		r.out = append(r.out, sent{rec.At, *rec.Seg})
		r.passes(">", rec.At, rec.Seg)
	}
	return r.ids
}

// now is the script's time.
func (r *runner) now() time.Duration { return r.net.Now().Sub(bootTime) }

// events runs the script's events in order.
func (r *runner) events() error {
	for i := range r.script.Events {
		ev := &r.script.Events[i]
		if err := r.event(ev); err != nil {
			return r.failure(ev, err)
		}
	}
	if err := r.awaitBlocked(); err != nil {
		return r.failure(&r.script.Events[len(r.script.Events)-1], err)
	}
	r.leftOver()
	return nil
}

// leftOver notes what the stack sent and the script did not ask for.
func (r *runner) leftOver() {
	const shown = 3
	n := 0
	last := r.script.Events[len(r.script.Events)-1].Line
	for _, s := range r.out {
		if !r.conn.mine(&s.seg) {
			continue
		}
		if n++; n <= shown {
			seg := r.conn.toScript(s.seg)
			r.note(last, "at the end unexpected: %s > %s", stamp(s.at.Sub(bootTime)),
				segmentText(&seg, len(seg.Payload)))
		}
	}
	if n > shown {
		r.note(last, "at the end unexpected: %d more", n-shown)
	}
}

// failure adds the place, and what went over the wire before.
func (r *runner) failure(ev *Event, err error) error {
	var m *mismatch
	line := ev.Line
	if errors.As(err, &m) && m.line != 0 {
		line = m.line
	}
	text := ""
	if errors.As(err, &m) && len(r.log) > 0 {
		text = "\n  before:"
		for _, l := range r.log[max(0, len(r.log)-10):] {
			text += "\n    " + l
		}
	}
	return fmt.Errorf("%s:%d: %w%s", r.script.Path, line, err, text)
}

// mismatch is a difference between the script and the stack.
type mismatch struct {
	line             int // 0: that of the event
	what             string
	expected, actual string
}

func (m *mismatch) Error() string {
	s := m.what
	if m.expected != "" {
		s += "\n  expected  " + m.expected
	}
	if m.actual != "" {
		s += "\n  actual    " + m.actual
	}
	return s
}

// due works out the event's time window. Relative times count from now: from the end of the event
// before.
func (r *runner) due(ev *Event) (from, to time.Duration) {
	from, to = ev.From, ev.To
	if ev.Kind == Relative || ev.Kind == RelativeRange {
		from, to = from+r.now(), to+r.now()
	}
	if ev.Kind == Absolute || ev.Kind == Relative {
		to = from
	}
	if ev.Kind == AnyTime {
		from, to = r.now(), r.now()+forever
	}
	return from, to
}

// slack is the tolerance for something expected at a time (run.c, verify_time).
func (r *runner) slack(at time.Duration) time.Duration {
	dynamic := time.Duration(float64(at-r.prev) * tolerancePercent / 100)
	return max(r.tolerance, dynamic)
}

// wheel is how much later than asked a timer may fire that was set at the event before: a granule
// of Linux' timer wheel (kernel/time/timer.c), one tick for timeouts of up to 63 ticks, eight times
// as much for each further level.
func (r *runner) wheel(at time.Duration) time.Duration {
	tick := time.Second / time.Duration(r.cfg.HZ)
	granule, limit := tick, 63*tick
	for at-r.prev > limit && granule < time.Minute {
		granule, limit = 8*granule, 8*limit
	}
	return granule
}

func (r *runner) event(ev *Event) error {
	r.line = ev.Line
	from, to := r.due(ev)
	if ev.Packet != nil && !ev.Packet.Inbound {
		err := r.expect(ev, from, to)
		r.prev = from
		return err
	}
	if late := r.now() - from; late > r.slack(from) {
		return &mismatch{what: "the event before took too long", expected: stamp(from),
			actual: stamp(r.now())}
	}
	if err := r.runTo(from); err != nil {
		return err
	}
	r.prev = from
	switch {
	case ev.Packet != nil:
		return r.inject(ev.Packet)
	case ev.Call != nil:
		return r.call(ev)
	case ev.Shell != nil:
		return r.shell(ev)
	}
	return r.code(ev)
}

// runTo lets the network run up to and including the script time t.
func (r *runner) runTo(t time.Duration) error {
	until := bootTime.Add(t)
	for {
		more, err := r.step(until)
		if err != nil {
			return err
		}
		if !more {
			break
		}
	}
	if until > r.net.Now() {
		r.net.AdvanceTo(until)
	}
	return nil
}

// step processes the network's next event, or the end of a timeout, if there is one up to until.
func (r *runner) step(until netmodel.Time) (bool, error) {
	next := r.net.Next()
	if r.alarm > r.net.Now() && r.alarm < next && r.alarm <= until {
		r.net.AdvanceTo(r.alarm)
		r.alarm = 0
		return true, r.poll()
	}
	if next > until {
		return false, nil
	}
	r.net.Step()
	return true, r.poll()
}

// poll looks after every step for what woke up, and lets a blocked call go on.
func (r *runner) poll() error {
	for _, s := range r.net.Woken() {
		for _, f := range r.files {
			if f.sock == s {
				f.edge = true
			}
		}
	}
	for _, f := range r.files {
		r.lookAtStamps(f)
	}
	return r.tryBlocked()
}
