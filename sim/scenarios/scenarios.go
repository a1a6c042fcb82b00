package scenarios

import (
	"embed"
	"strings"

	"halfopen/sim/scenario"
)

//go:embed *.sim
var files embed.FS

// names in the order in which a newcomer meets them.
var names = []string{"seed", "seed-go", "seed-short", "seed-keepalive", "deaf", "kept-session",
	"ghost-fin", "goodbye", "idle"}

// Names lists the built-in scenarios.
func Names() []string { return append([]string(nil), names...) }

// Text is the text of a built-in scenario, with its transcript.
func Text(name string) (string, bool) {
	b, err := files.ReadFile(name + ".sim")
	return string(b), err == nil
}

// Get returns a built-in scenario. Each call gives a new one, which may be changed.
func Get(name string) (*scenario.Scenario, bool) {
	text, ok := Text(name)
	if !ok {
		return nil, false
	}
	s, err := scenario.Parse(name, text)
	if err != nil {
		panic("built-in scenario: " + err.Error()) // the tests parse them all
	}
	return s, true
}

// Title is the first line of a scenario's story.
func Title(name string) string {
	text, _ := Text(name)
	line, _, _ := strings.Cut(text, "\n")
	return strings.TrimPrefix(line, "# ")
}
