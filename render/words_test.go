package render

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"halfopen/netmodel"
	"halfopen/render/words"
	"halfopen/sim/belief"
	"halfopen/sim/trace"
)

// keyLiteral finds catalogue keys in the source: f.word("lie"), "ring.ping" in a table.
var keyLiteral = regexp.MustCompile(`word\("([a-z0-9.-]+)"\)|"((?:ring|lane|panel|note|speed|` +
	`state|mark|edit|program)\.[a-z0-9.-]+)"`)

// Every key that the package names is in the catalogue, so that no picture shows brackets.
func TestEveryKeyHasWords(t *testing.T) {
	var keys []string
	files, _ := filepath.Glob("*.go")
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		src, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range keyLiteral.FindAllStringSubmatch(string(src), -1) {
			if key := m[1] + m[2]; !strings.HasSuffix(key, ".") {
				keys = append(keys, key)
			}
		}
	}
	for s := range belief.NumStates {
		if key := stateWords[s]; key != "" {
			keys = append(keys, key)
		}
	}
	for _, verb := range []string{"cut", "reset", "unreachable", "loss", "burst", "latency", "jitter",
		"duplicate", "rate", "drop", "interface-down", "power-off", "forget", "address"} {
		keys = append(keys, "fault."+verb)
	}
	if len(keys) < 90 {
		t.Fatalf("found only %d keys: the pattern no longer matches the source", len(keys))
	}
	for _, key := range keys {
		for _, l := range []words.Lang{words.EN, words.JA} {
			if got := words.Get(l, key); strings.HasPrefix(got, "[") {
				t.Errorf("%s has no words in %s", key, l)
			}
		}
	}
}

// Whatever an event is, its line on the ladder has words.
func TestNotesOfEveryKindHaveWords(t *testing.T) {
	for k := netmodel.Kind(0); k < 255; k++ {
		key := noteKey(&trace.Event{Record: netmodel.Record{Kind: k}})
		if key != "" && strings.HasPrefix(words.Get(words.EN, key), "[") {
			t.Errorf("kind %d: %s has no words", k, key)
		}
	}
}
