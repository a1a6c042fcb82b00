package sweep

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"halfopen/netmodel"
	"halfopen/sim/scenario"
)

// A setting is one thing that can be swept by a short name. All others are written as NAME.KEY,
// where NAME is that of a statement's first argument ("device.ping-timeout"), or its verb
// ("client.qos").
type setting struct {
	duration bool
	world    bool // nobody chooses it: see Plan.Choices
	apply    func(s *scenario.Scenario, value string) error
}

var settings map[string]setting

func init() {
	settings = map[string]setting{
		"outage":        {true, true, applyOutage},
		"nat":           {true, true, applyNAT},
		"tcp-keepalive": {true, false, applyTCPKeepalive},
		"qos":           {false, false, applyQoS},
		"period":        {true, true, applyPeriod},
		"run":           {true, true, setRun("run")},
		"seed":          {false, true, setRun("seed")},
	}
}

// Apply changes one setting of a scenario. Names without a dot are the sweep's own (outage, nat,
// tcp-keepalive, qos, period, run, seed), or a key of the clients, the brokers or the links,
// whichever has it.
func Apply(s *scenario.Scenario, name, value string) error {
	value = withUnit(name, value)
	if known, ok := settings[name]; ok {
		return known.apply(s, value)
	}
	return setKey(s, name, value)
}

func isDuration(name string) bool {
	if known, ok := settings[name]; ok {
		return known.duration
	}
	_, key, dotted := strings.Cut(name, ".")
	if !dotted {
		key = name
	}
	for i := range scenario.Verbs {
		if k := scenario.Verbs[i].Key(key); k != nil {
			return k.Kind == scenario.Duration || k.Kind == scenario.DurationOff
		}
	}
	return key == "for" || key == "at" || key == "every" || key == "from"
}

// devices are the client statements whose clients are elsewhere than on the broker's host: those
// that an outage or a NAT concerns. A feed beside the broker is none.
func devices(s *scenario.Scenario) []*scenario.Statement {
	brokers := make(map[string]bool)
	for i := range s.Statements {
		if st := &s.Statements[i]; st.Verb == "broker" && len(st.Args) > 0 {
			brokers[st.Args[0]] = true
		}
	}
	var out []*scenario.Statement
	for i := range s.Statements {
		if st := &s.Statements[i]; st.Verb == "client" && !brokers[st.Text("host")] {
			out = append(out, st)
		}
	}
	return out
}

// setKey sets a KEY of the devices, or else of the first of brokers, links and NATs that knows it;
// and anything by the name that scenarios have for it (see scenario.Set).
func setKey(s *scenario.Scenario, name, value string) error {
	key, ok := strings.CutPrefix(name, "client.")
	if !ok && strings.Contains(name, ".") {
		return s.Set(name, value)
	}
	done := false
	for _, st := range devices(s) {
		if knows(st, key) {
			write(st, key, value)
			done = true
		}
	}
	for _, verb := range []string{"broker", "link", "nat", "host", "router"} {
		for i := range s.Statements {
			if st := &s.Statements[i]; !done && st.Verb == verb && knows(st, key) {
				return s.Set(verb+"."+key, value)
			}
		}
	}
	if !done {
		return fmt.Errorf("no statement of the scenario has a setting %s%s; settings are those of "+
			"client, broker, link and nat, those that `halfopen show --settings` lists, and %s", name,
			scenario.Suggest(name, append(settingNames(s), names()...)), strings.Join(names(), ", "))
	}
	return nil
}

func names() []string {
	var out []string
	for n := range settings {
		out = append(out, n)
	}
	slices.Sort(out)
	return out
}

func knows(st *scenario.Statement, key string) bool { return hasKey(st.Verb, key) }

func write(st *scenario.Statement, key, value string) {
	for i := range st.Keys {
		if st.Keys[i].Key == key {
			st.Keys[i].Value = value
			return
		}
	}
	st.Keys = append(st.Keys, scenario.KeyValue{Key: key, Value: value})
}

func setRun(verb string) func(*scenario.Scenario, string) error {
	return func(s *scenario.Scenario, value string) error { return s.Set(verb, value) }
}

// applyOutage sets the length of every fault that has one; 0 takes the faults away.
func applyOutage(s *scenario.Scenario, value string) error {
	d, err := scenario.ParseDuration(value)
	if err != nil {
		return err
	}
	found := false
	s.Statements = slices.DeleteFunc(s.Statements, func(st scenario.Statement) bool {
		if !outage(&st) {
			return false
		}
		found = true
		return d == 0
	})
	for i := range s.Statements {
		if st := &s.Statements[i]; outage(st) {
			st.For = d
		}
	}
	if !found {
		return fmt.Errorf("the scenario has no outage: a fault with `for`, as `at 10m cut A B for 60s`")
	}
	return nil
}

func outage(st *scenario.Statement) bool { return st.HasAt && st.HasFor && st.Actor == "" }

// applyTCPKeepalive sets it at both ends: probes of either one keep a NAT's mapping alive. "off" is
// what programs in C, and so most devices and brokers, do.
func applyTCPKeepalive(s *scenario.Scenario, value string) error {
	for _, st := range devices(s) {
		write(st, "tcp-keepalive", value)
	}
	for i := range s.Statements {
		if st := &s.Statements[i]; st.Verb == "broker" {
			write(st, "tcp-keepalive", value)
		}
	}
	return nil
}

func applyQoS(s *scenario.Scenario, value string) error {
	found := false
	for i := range s.Statements {
		if st := &s.Statements[i]; st.IsStep() && (st.Verb == "publish" || st.Verb == "subscribe") {
			write(st, "qos", value)
			found = true
		}
	}
	if !found {
		return fmt.Errorf("the scenario neither subscribes nor publishes")
	}
	return nil
}

func applyPeriod(s *scenario.Scenario, value string) error {
	d, err := scenario.ParseDuration(value)
	if err != nil || d <= 0 {
		return fmt.Errorf("%q is not a period like 60s", value)
	}
	found := false
	for i := range s.Statements {
		if st := &s.Statements[i]; st.Every > 0 {
			st.Every, found = d, true
		}
	}
	if !found {
		return fmt.Errorf("the scenario repeats nothing (`every 60s ...`)")
	}
	return nil
}

// natName is the NAT that applyNAT puts into scenarios that have none.
const natName = "nat"

// applyNAT gives the scenario's NAT a preset, or a timeout: "aws-nat-gateway", "240s". "none" takes
// its timeouts away (a week). A scenario without a NAT gets one, in the middle of the first
// device's link.
func applyNAT(s *scenario.Scenario, value string) error {
	keys := []scenario.KeyValue{{Key: "timeout", Value: value}, {Key: "loose", Value: "off"}}
	if p := netmodel.FindPreset(value); p != nil {
		if p.Kind != netmodel.PresetNAT {
			return fmt.Errorf("%s is a preset for a %s, not for a NAT", value, p.Kind)
		}
		keys = []scenario.KeyValue{{Key: "preset", Value: value}}
	} else if value == "none" {
		keys[0].Value = scenario.FormatDuration(7 * 24 * time.Hour)
	} else if d, err := scenario.ParseDuration(value); err != nil || d <= 0 {
		var ids []string
		for _, p := range netmodel.Presets(netmodel.PresetNAT) {
			ids = append(ids, p.ID)
		}
		return fmt.Errorf("%q is neither a NAT preset nor a timeout like 240s%s", value,
			scenario.Suggest(value, ids))
	}
	for i := range s.Statements {
		if st := &s.Statements[i]; st.Verb == "nat" && !st.IsStep() {
			st.Keys = keys
			return nil
		}
	}
	return insertNAT(s, keys)
}

// insertNAT splits the first link of a device in two: the NAT's outer half has no delay of its own,
// and faults of the link stay between the device and the NAT.
func insertNAT(s *scenario.Scenario, keys []scenario.KeyValue) error {
	for _, d := range devices(s) {
		host := d.Text("host")
		if host == "" {
			host = d.Args[0]
		}
		for i := range s.Statements {
			st := &s.Statements[i]
			if st.Verb != "link" || st.IsStep() || !slices.Contains(st.Args, host) {
				continue
			}
			other := st.Args[0]
			if other == host {
				other = st.Args[1]
			}
			renameEnds(s, host, other)
			s.Statements = slices.Insert(s.Statements, i,
				scenario.Statement{Verb: "nat", Args: []string{natName}, Keys: keys})
			s.Statements = slices.Insert(s.Statements, i+2, scenario.Statement{Verb: "link",
				Args: []string{natName, other}, Keys: []scenario.KeyValue{{Key: "latency", Value: "1ms"}}})
			return nil
		}
	}
	return fmt.Errorf("the scenario has no link of a device where a NAT could stand")
}

// renameEnds makes the link, and the faults, between host and other end at the NAT instead.
func renameEnds(s *scenario.Scenario, host, other string) {
	for i := range s.Statements {
		st := &s.Statements[i]
		if a, _, _ := st.Path(); st.Verb != "link" && a == "" {
			continue
		}
		if slices.Contains(st.Args, host) && slices.Contains(st.Args, other) {
			st.Args = slices.Clone(st.Args)
			st.Args[slices.Index(st.Args, other)] = natName
		}
	}
}

// settingNames are the names that a scenario's values have, and the keys alone.
func settingNames(s *scenario.Scenario) []string {
	var list []string
	for _, p := range s.Settings() {
		_, key, _ := strings.Cut(p.Path, ".")
		list = append(list, p.Path, key)
	}
	return list
}
