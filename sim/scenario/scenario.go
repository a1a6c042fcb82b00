package scenario

import "time"

// Scenario is plain data that determines a run: statements in the order in which they were written.
// What a statement may say is data too: see Verbs.
type Scenario struct {
	Name       string // of the file or the built-in; not part of the text
	Statements []Statement
	Tail       string // comments and blank lines below the last statement
	Transcript string // what stands below the ---- line, ignored by the simulator

	source []string // the lines it was parsed from, for the columns of Check's errors
}

// Statement is one line: [at TIME | every TIME from TIME] [ACTOR] VERB ARG... [for TIME]
// KEY=VALUE...
type Statement struct {
	Line    int    // in the text it was parsed from, from 1; 0 if made by a program
	Comment string // the whole-line comments above it, and blank lines, each with its newline
	Trail   string // the comment behind it
	At      time.Duration
	HasAt   bool
	Every   time.Duration // > 0: repeated, first at From
	From    time.Duration
	Actor   string // steps only: who does it ("at 1s phone subscribe home/#"): empty for faults
	Verb    string
	Args    []string // ">" between two of them gives a direction
	For     time.Duration
	HasFor  bool
	Keys    []KeyValue // in the order of the verb's schema when canonical
}

// KeyValue is one setting, uninterpreted; the schema says what its text means.
type KeyValue struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

// shortestPeriod is the shortest "every": a world in which things happen at no distance never ends.
const shortestPeriod = time.Millisecond

// The limits of a scenario. They are far beyond what people write, and keep a hostile share link
// from costing more than a moment.
const (
	MaxText       = 4 << 20                   // bytes of a text, transcript included
	MaxStatements = 160_000                   // enough for a fleet of 50,000: three for each
	MaxDuration   = 10 * 365 * 24 * time.Hour // of any duration: what a run can be long
	maxLine       = 64 << 10                  // bytes of a line
	maxErrors     = 10                        // how many errors one Parse reports
)
