package scenario

import (
	"strings"
	"time"
)

// Class says what kind of statement a verb makes.
type Class uint8

// The classes.
const (
	Run         Class = iota // a setting of the run as a whole
	Declaration              // something that exists in the world, or a link between two
	Program                  // a step: what a client or broker is told to do
	Fault                    // a step: something goes wrong, or is repaired
	Expect                   // what must hold for the run to have passed
)

// Kind says how the text of an argument or value is read.
type Kind uint8

// The kinds.
const (
	Text        Kind = iota
	Duration         // Go's syntax: 1m30s
	DurationOff      // a duration, or off
	Int              // a whole number between Min and Max
	Seed             // a whole number below 2^64
	OnOff            // on or off
	Percent          // 0% to 100%, at most four decimals
	Rate             // 64kbit/s, or unlimited
	Size             // 64KiB, or unlimited
	Enum             // one of Words
	Addr             // an IPv4 address
	Instant          // wall-clock time, RFC 3339
	Preset           // the name of a preset of package netmodel, of the kind in Words
	NewName          // an argument that names what is declared
	HostName         // the name of a host, router, nat, broker or client
	ClientName       // the name of a client
	BrokerName       // the name of a broker
	NATName          // the name of a nat
	Path             // A B (both ways), A > B (that way only), or A (all links of A)
	Topic            // of a message
	Filter           // a topic filter: home/#
	Payload          // printed in quotes; {unix} is the clock in seconds, {n} counts from 1
	Phrase           // one of Phrases, word by word
)

// Key is one setting that a statement of a verb may carry.
type Key struct {
	Name     string
	Kind     Kind
	Default  string // what holds if the key is not there
	Words    []string
	Min, Max int64         // of an Int; Max also of a Duration (ns) or a Size (bytes), 0: none
	Whole    time.Duration // a Duration is a multiple of it
	Doc      string
	// Explains is what in a run this setting is a reason for, in the words of the glossary; empty if
	// it explains nothing by itself.
	Explains string
}

// Arg is one argument of a verb.
type Arg struct {
	Name string
	Kind Kind
	Doc  string
}

// Verb is what statements with one verb may say.
type Verb struct {
	Name  string
	Class Class
	By    []string // Program: who can do it, "client", "broker"
	Args  []Arg
	For   bool // it may last: for TIME
	Keys  []Key
	Doc   string
}

// Verbs is the schema of the language, in the order in which statements usually come.
var Verbs = concat(runVerbs, declarations, programVerbs, faultVerbs, expectVerbs)

func concat(lists ...[]Verb) []Verb {
	var all []Verb
	for _, l := range lists {
		all = append(all, l...)
	}
	return all
}

// LookupVerb returns the schema of a verb, or nil. One word can be two verbs, one of a step and one
// that is none (`start 2014-12-30T08:02:55Z`, `at 5s hub start`); then it is the latter. For
// statements there is Schema.
func LookupVerb(name string) *Verb {
	if v := lookup(name, false); v != nil {
		return v
	}
	return lookup(name, true)
}

func lookup(name string, step bool) *Verb {
	for i := range Verbs {
		if Verbs[i].Name == name && Verbs[i].step() == step {
			return &Verbs[i]
		}
	}
	return nil
}

// Schema is what the statement may say, or nil if its verb is unknown.
func (st *Statement) Schema() *Verb { return lookup(st.Verb, st.IsStep()) }

// Key returns the schema of one of the verb's keys, or nil. A name in the schema that ends with a
// dot stands for all that begin with it.
func (v *Verb) Key(name string) *Key {
	for i := range v.Keys {
		k := &v.Keys[i]
		if k.Name == name || k.family() && len(name) > len(k.Name) && strings.HasPrefix(name, k.Name) {
			return k
		}
	}
	return nil
}

// family reports whether the key stands for many: sysctl.tcp_retries2 and its like.
func (k *Key) family() bool { return strings.HasSuffix(k.Name, ".") }

// step reports whether statements of the verb happen at a time.
func (v *Verb) step() bool { return v.Class == Program || v.Class == Fault }

func (v *Verb) keyNames() []string {
	names := make([]string, len(v.Keys))
	for i := range v.Keys {
		names[i] = v.Keys[i].Name
	}
	return names
}

var runVerbs = []Verb{
	{Name: "seed", Class: Run, Args: []Arg{{"number", Seed, "any whole number"}},
		Doc: "Everything left to chance follows from it. Without it: 1."},
	{Name: "run", Class: Run, Args: []Arg{{"length", Duration, "virtual time"}},
		Doc: "How long the run lasts. Without it: 5m."},
	{Name: "start", Class: Run, Args: []Arg{{"time", Instant, "2014-12-30T01:00:35Z"}},
		Doc: "What the programs' clocks show at instant 0."},
	{Name: "limit", Class: Run, Keys: []Key{
		{Name: "events", Kind: Int, Default: "4000000", Min: 1, Max: 1 << 30,
			Doc: "the run ends with an error when its trace has more"},
		{Name: "hosts", Kind: Int, Default: "60000", Min: 1, Max: 60000,
			Doc: "a scenario with more does not run"}},
		Doc: "Bounds the run."},
}

// maxCount is the largest number of segments or messages that a key may name.
const maxCount = 1_000_000_000

// maxKeepalive is what the 16 bits of CONNECT can say, in seconds (MQTT 3.1.1, 3.1.2.10).
const maxKeepalive = 65535 * time.Second

var expectVerbs = []Verb{
	{Name: "expect", Class: Expect, Args: []Arg{{"client", ClientName, "who it is about"},
		{"what", Phrase, "see the table of phrases"}},
		Doc: "What must hold; otherwise the run has failed."},
}
