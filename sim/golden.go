package sim

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"halfopen/sim/trace"
)

// Golden compares the transcript of what has happened so far with the file
// testdata/golden/NAME.txt, NAME being the test's name, and fails with the first lines that differ.
// -sim.update writes the file instead: read the difference before you commit it.
//
// The transcript has times rounded to the millisecond, so that it survives what does not matter.
//
// A transcript is that of one seed: if flags or environment ask for seeds, there is nothing to
// compare.
func Golden(t *testing.T, w *World) {
	t.Helper()
	if asked := seedsAskedFor(); len(asked) > 0 {
		t.Logf("%s is set: the transcript is not compared", asked[0].name)
		return
	}
	GoldenText(t, fileName(t.Name())+".txt", transcript(w.Snapshot()))
}

// GoldenText is Golden for a text of your own: it is compared with testdata/golden/file.
func GoldenText(t *testing.T, file, got string) {
	t.Helper()
	name := filepath.Join("testdata", "golden", filepath.FromSlash(file))
	if flags.update {
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Errorf("%v\nWrite it with -sim.update.", err)
		return
	}
	if diff := firstDifference(string(want), got, 0); diff != "" {
		t.Errorf("it is not as in %s:\n%s\n%s", name, diff, ifWanted)
	}
}

const ifWanted = "If the change is wanted: -sim.update writes the file; read its difference then."

// fileName makes a test's name one that every system accepts for files.
func fileName(name string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(`<>:"|?*\ `, r) {
			return '_'
		}
		return r
	}, name)
}

// firstDifference shows the first line that differs, with three lines before it, or is empty. Line
// ends may be those of any system; above is how many lines of the file come before.
func firstDifference(want, got string, above int) string {
	a := strings.Split(strings.ReplaceAll(want, "\r\n", "\n"), "\n")
	b := strings.Split(got, "\n")
	for i := 0; i < max(len(a), len(b)); i++ {
		if line(a, i) == line(b, i) {
			continue
		}
		var out strings.Builder
		fmt.Fprintf(&out, "  line %d\n", above+i+1)
		for j := max(0, i-3); j < i; j++ {
			fmt.Fprintf(&out, "    %s\n", a[j])
		}
		for j := i; j < min(i+3, len(a)); j++ {
			fmt.Fprintf(&out, "  - %s\n", a[j])
		}
		for j := i; j < min(i+3, len(b)); j++ {
			fmt.Fprintf(&out, "  + %s\n", b[j])
		}
		return strings.TrimRight(out.String(), "\n")
	}
	return ""
}

func line(lines []string, i int) string {
	if i < len(lines) {
		return lines[i]
	}
	return "(end)"
}

// transcript is the run as text: what the golden files hold.
func transcript(tr *trace.Trace) string {
	var b strings.Builder
	_ = tr.Transcript(&b) // a Builder takes everything
	return b.String()
}
