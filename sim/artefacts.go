package sim

import (
	"os"
	"path/filepath"

	"halfopen/sim/trace"
)

// writeArtefacts leaves what is needed to look at a failed run without running it again.
func writeArtefacts(dir string, tr *trace.Trace) error {
	return os.WriteFile(filepath.Join(dir, "transcript.txt"), []byte(transcript(tr)), 0o666)
}
