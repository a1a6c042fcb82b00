package sim

import (
	"bytes"
	"io"
	"os"
	"path/filepath"

	"halfopen/sim/trace"
)

// artefactNames says what a failed test leaves with -artifacts.
const artefactNames = "player.html, capture.pcapng, transcript.txt, ladder.svg, trace.jsonl"

// writeArtefacts leaves what is needed to look at a failed run without running it again. The page
// opens at the step focus.
func writeArtefacts(dir, test string, tr *trace.Trace, focus trace.ID) error {
	files := []struct {
		name  string
		write func(io.Writer) error
	}{
		{"player.html", func(w io.Writer) error { return writePlayer(w, test, tr, focus) }},
		{"transcript.txt", func(w io.Writer) error {
			_, err := io.WriteString(w, transcript(tr))
			return err
		}},
		{"capture.pcapng", func(w io.Writer) error { return tr.Pcapng(w, "") }},
		{"trace.jsonl", tr.JSONL},
		{"ladder.svg", func(w io.Writer) error { return ladderSVG(w, tr) }},
	}
	for _, f := range files {
		var b bytes.Buffer
		if err := f.write(&b); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(dir, f.name), b.Bytes(), 0o666); err != nil {
			return err
		}
	}
	return nil
}
