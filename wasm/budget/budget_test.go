package budget

import (
	"os"
	"strings"
	"testing"

	"halfopen/wasm"
)

// Weigh says which part is too heavy, and is content with one that is not.
func TestWeighNamesWhatIsTooHeavy(t *testing.T) {
	before := Now
	t.Cleanup(func() { Now = before })
	b := wasm.Bundle{wasm.PictureName: []byte("picture"), wasm.SimulationName: []byte("simulation"),
		"index.html": []byte(strings.Repeat("page ", 100))}
	var out strings.Builder
	if err := Weigh(b, &out); err != nil {
		t.Errorf("three small files are too heavy: %v\n%s", err, &out)
	}
	Now.Rest = 10
	if err := Weigh(b, &out); err == nil || !strings.Contains(err.Error(), "everything else") {
		t.Errorf("a page of 500 bytes fits into 10: %v", err)
	}
}

// The page itself, without the programs, is within its limit. The programs are weighed by
// `go run ./cmd/dev check budget`: compressing them takes a minute.
func TestPageIsWithinItsLimit(t *testing.T) {
	empty := t.TempDir() + "/empty"
	if err := os.WriteFile(empty, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	b, err := wasm.NewBundle(wasm.Programs{Picture: empty, Simulation: empty, Exec: empty})
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := Weigh(b, &out); err != nil {
		t.Errorf("%v\n%s", err, &out)
	}
	t.Log("\n" + out.String())
}
