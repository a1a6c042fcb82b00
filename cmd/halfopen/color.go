package main

import (
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"
	"golang.org/x/term"
)

// colorFlag is --color.
type colorFlag struct{ when string }

func newColorFlag() *colorFlag { return &colorFlag{"auto"} }

func (f *colorFlag) String() string { return f.when }
func (f *colorFlag) Type() string   { return "when" }

// Set implements pflag.Value.
func (f *colorFlag) Set(s string) error {
	switch s {
	case "auto", "always", "never":
		f.when = s
		return nil
	}
	return fmt.Errorf("auto, always or never")
}

// colored reports whether output to w is to have colours: asked for, or a terminal that nobody
// silenced (no-color.org; TERM=dumb has none).
func colored(c *cobra.Command, w io.Writer) bool {
	switch c.Flag("color").Value.String() {
	case "always":
		return true
	case "never":
		return false
	}
	return os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb" && isTerminal(w)
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// What the ladder can use, in columns.
const narrowest, widest = 80, 120

// terminalColumns is how many columns a terminal has; 0 if w is none.
func terminalColumns(w io.Writer) int {
	f, ok := w.(*os.File)
	if !ok {
		return 0
	}
	columns, _, err := term.GetSize(int(f.Fd()))
	if err != nil || columns <= 0 {
		return 0
	}
	return columns
}

// width is how many columns w has: a terminal's own, within what the ladder can use.
func width(w io.Writer) int {
	const usual = 100
	columns := terminalColumns(w)
	if columns == 0 {
		return usual
	}
	return min(max(columns, narrowest), widest)
}
