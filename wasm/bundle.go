package wasm

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"

	"halfopen/sim/explain"
)

// manifest tells the page what it cannot know by itself. Content-Length counts compressed bytes,
// which a progress bar cannot use: the decoder hands out raw ones.
type manifest struct {
	Build string         `json:"build"` // names the bytes of all files
	Bytes map[string]int `json:"bytes"` // raw sizes of the programs
}

// NewBundle joins the embedded page and the built programs.
func NewBundle(p Programs) (Bundle, error) {
	b, err := pageFiles()
	if err != nil {
		return nil, err
	}
	for name, from := range map[string]string{
		PictureName: p.Picture, SimulationName: p.Simulation, ExecName: p.Exec} {
		if b[name], err = os.ReadFile(from); err != nil {
			return nil, fmt.Errorf("reading what was built: %w", err)
		}
	}
	b["glossary.json"] = explain.GlossaryJSON()
	b.finish()
	return b, nil
}

// finish adds the files that follow from the others: the manifest, and in the service worker the
// build and the names of what it keeps for use without a network.
func (b Bundle) finish() {
	m := manifest{Build: b.hash(), Bytes: map[string]int{
		PictureName: len(b[PictureName]), SimulationName: len(b[SimulationName])}}
	text, err := json.Marshal(m)
	if err != nil {
		panic(err) // strings and numbers always encode
	}
	b["build.json"] = text
	names, err := json.Marshal(slices.Sorted(maps.Keys(b)))
	if err != nil {
		panic(err)
	}
	sw := bytes.Replace(b["sw.js"], []byte("'BUILD'"), []byte("'"+m.Build+"'"), 1)
	b["sw.js"] = bytes.Replace(sw, []byte("['FILES']"), names, 1)
}

// hash is a short name for the bytes of all files.
func (b Bundle) hash() string {
	h := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(b)) {
		fmt.Fprintf(h, "%s %d\n", name, len(b[name]))
		h.Write(b[name])
	}
	return hex.EncodeToString(h.Sum(nil))[:12]
}
