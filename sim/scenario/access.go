package scenario

import (
	"strconv"
	"strings"
	"time"

	"halfopen/netmodel"
)

// The accessors give values their types. They are for statements that Parse or Check has accepted;
// what is not there has the default of the schema, and what the schema does not know is zero.

// Seed is the seed of the run.
func (s *Scenario) Seed() uint64 {
	n, err := strconv.ParseUint(s.runSetting("seed", "1"), 10, 64)
	if err != nil {
		return 1
	}
	return n
}

// Length is how long the run lasts.
func (s *Scenario) Length() time.Duration {
	d, err := ParseDuration(s.runSetting("run", "5m"))
	if err != nil {
		return 5 * time.Minute
	}
	return d
}

// Start is what clocks show at instant 0; the zero time if the scenario does not say.
func (s *Scenario) Start() time.Time {
	t, _ := time.Parse(time.RFC3339Nano, s.runSetting("start", ""))
	return t
}

func (s *Scenario) runSetting(verb, otherwise string) string {
	for i := range s.Statements {
		if st := &s.Statements[i]; st.Verb == verb && len(st.Args) == 1 {
			return st.Args[0]
		}
	}
	return otherwise
}

// IsStep reports whether the statement happens at a time.
func (st *Statement) IsStep() bool { return st.HasAt || st.Every > 0 }

// Lookup returns what is written for a key, and whether it is.
func (st *Statement) Lookup(key string) (string, bool) {
	for _, kv := range st.Keys {
		if kv.Key == key {
			return kv.Value, true
		}
	}
	return "", false
}

// Sysctls are the sysctl. keys, without that beginning.
func (st *Statement) Sysctls() []KeyValue {
	var list []KeyValue
	for _, kv := range st.Keys {
		if name, ok := strings.CutPrefix(kv.Key, sysctlKey.Name); ok {
			list = append(list, KeyValue{name, kv.Value})
		}
	}
	return list
}

// Text is the value of a key, or its default.
func (st *Statement) Text(key string) string {
	if v, ok := st.Lookup(key); ok {
		return v
	}
	if v := st.Schema(); v != nil {
		if k := v.Key(key); k != nil {
			return k.Default
		}
	}
	return ""
}

// Duration is a duration; 0 if it is off.
func (st *Statement) Duration(key string) time.Duration {
	d, _ := ParseDuration(st.Text(key))
	return d
}

// Int is a whole number.
func (st *Statement) Int(key string) int64 {
	n, _ := strconv.ParseInt(st.Text(key), 10, 64)
	return n
}

// Bool is true for on.
func (st *Statement) Bool(key string) bool { return st.Text(key) == "on" }

// PPM is a percentage.
func (st *Statement) PPM(key string) netmodel.PPM {
	p, _ := parsePercent(st.Text(key))
	return p
}

// Rate is in bits a second; 0 is unlimited.
func (st *Statement) Rate(key string) int64 {
	n, _ := parseUnits(st.Text(key), rateUnits)
	return n
}

// Size is in bytes; 0 is unlimited.
func (st *Statement) Size(key string) int64 {
	n, _ := parseUnits(st.Text(key), sizeUnits)
	return n
}

// Arg is the argument that the schema calls name; for a path use Path.
func (st *Statement) Arg(name string) string {
	v := st.Schema()
	if v == nil {
		return ""
	}
	for i := range v.Args {
		if v.Args[i].Name != name || v.Args[i].Kind == Path {
			continue
		}
		if v.Args[0].Kind == Path { // counted from the end: a path has one to three words
			i += len(st.Args) - len(v.Args)
		}
		if i >= 0 && i < len(st.Args) {
			return st.Args[i]
		}
	}
	return ""
}

// ArgDuration is an argument that is a duration, and ArgRate one that is a rate.
func (st *Statement) ArgDuration(name string) time.Duration {
	d, _ := ParseDuration(st.Arg(name))
	return d
}

// ArgRate is an argument that is a rate in bits a second.
func (st *Statement) ArgRate(name string) int64 {
	n, _ := parseUnits(st.Arg(name), rateUnits)
	return n
}

// Path is the path that a fault acts on: from a to b and back, from a to b only if oneWay, or, with
// an empty b, all links of a.
func (st *Statement) Path() (a, b string, oneWay bool) {
	v := st.Schema()
	if v == nil || len(v.Args) == 0 || v.Args[0].Kind != Path {
		return "", "", false
	}
	switch p := st.Args[:max(0, len(st.Args)-len(v.Args)+1)]; len(p) {
	case 1:
		return p[0], "", false
	case 2:
		return p[0], p[1], false
	case 3:
		return p[0], p[2], true
	}
	return "", "", false
}

// Payload is what a publish publishes, its placeholders not yet filled in.
func (st *Statement) Payload() string { return st.Arg("payload") }
