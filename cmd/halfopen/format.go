package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"halfopen/render"
	picturewords "halfopen/render/words"
	"halfopen/sim/explain"
	"halfopen/sim/scenario"
	"halfopen/sim/trace"
)

// format is one way to write a trace.
type format struct {
	name      string
	doc       string
	binary    bool
	needsHost bool   // --at
	takes     string // the flags that mean something to it
	write     func(*formatter) error
}

// formatter is what a format may use.
type formatter struct {
	w     io.Writer
	c     *cobra.Command
	flags *runFlags
	tr    *trace.Trace
}

var formats []format

func init() {
	formats = []format{
		{name: "story", doc: "ladder and summary", takes: "all client lang width", write: writeStory},
		{name: "ladder", doc: "sequence diagram", takes: "all width", write: writeLadder},
		{name: "summary", doc: "answers computed from the trace", takes: "client lang",
			write: writeSummary},
		{name: "transcript", doc: "a line per segment, as below ---- in scenario files",
			write: func(f *formatter) error { return f.tr.Transcript(f.w) }},
		{name: "jsonl", doc: "all events, one JSON object a line",
			write: func(f *formatter) error { return f.tr.JSONL(f.w) }},
		{name: "json", doc: "the whole trace as one document",
			write: func(f *formatter) error { return f.tr.JSON(f.w) }},
		{name: "pcapng", doc: "a capture for Wireshark; --at limits it to one host", binary: true,
			takes: "at",
			write: func(f *formatter) error { return f.tr.Pcapng(f.w, f.flags.at) }},
		{name: "capture", doc: "packets at the interface of --at HOST, a JSON object a line",
			needsHost: true, takes: "at",
			write: func(f *formatter) error { return f.tr.Capture(f.w, f.flags.at) }},
		{name: "svg", doc: "picture of the instant --time", takes: "time lang", write: writeSVG},
		{name: "hash", doc: "fingerprint of the trace", write: func(f *formatter) error {
			_, err := fmt.Fprintln(f.w, portable(f.tr))
			return err
		}},
		{name: "none", doc: "nothing: the exit code says whether all was as expected",
			write: func(*formatter) error { return nil }},
	}
}

// useless refuses flags that would change nothing.
func (form *format) useless(c *cobra.Command) error {
	for _, name := range []string{"all", "at", "client", "lang", "time", "width"} {
		if !c.Flags().Changed(name) || slices.Contains(strings.Fields(form.takes), name) {
			continue
		}
		var users []string
		for _, f := range formats {
			if slices.Contains(strings.Fields(f.takes), name) {
				users = append(users, f.name)
			}
		}
		return fmt.Errorf("--format %s does not know --%s; it is for %s", form.name, name,
			strings.Join(users, ", "))
	}
	return nil
}

func findFormat(name string) (*format, error) {
	for i := range formats {
		if formats[i].name == name {
			return &formats[i], nil
		}
	}
	return nil, fmt.Errorf("unknown format %q%s; there are %s", name,
		scenario.Suggest(name, allFormatNames()), formatNames())
}

func allFormatNames() []string {
	var names []string
	for _, f := range formats {
		names = append(names, f.name)
	}
	return names
}

func formatNames() string { return strings.Join(allFormatNames(), ", ") }

func formatHelp() string {
	var b strings.Builder
	for _, f := range formats {
		fmt.Fprintf(&b, "\n  %-11s %s", f.name, f.doc)
	}
	return b.String()
}

// writer is the format's function for outputFlags.write. An error is one of the command line (a
// host that does not exist) as long as nothing is wrong with the writer.
func (form *format) writer(c *cobra.Command, f *runFlags, tr *trace.Trace) func(io.Writer) error {
	return func(w io.Writer) error {
		err := form.write(&formatter{w: w, c: c, flags: f, tr: tr})
		if errors.As(err, new(*fs.PathError)) {
			return internal(err) // a full disk is not a wrong command line
		}
		return badInput(err)
	}
}

var repeatIt = map[explain.Lang]string{explain.EN: "To repeat it:", explain.JA: "もう一度実行するには:"}

func writeStory(f *formatter) error {
	if err := writeLadder(f); err != nil {
		return err
	}
	fmt.Fprintln(f.w)
	if err := writeSummary(f); err != nil {
		return err
	}
	lang, err := f.flags.language()
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(f.w, "\n%s %s %s\n", repeatIt[lang], program(),
		f.flags.command(f.tr.Seed))
	return err
}

func writeLadder(f *formatter) error {
	o := trace.LadderOptions{Width: f.flags.width, All: f.flags.all}
	if o.Width == 0 {
		o.Width = width(f.c.OutOrStdout())
	}
	if f.flags.out.name == "" || f.flags.out.name == "-" {
		o.Color = colored(f.c, f.c.OutOrStdout())
	}
	return f.tr.Ladder(f.w, o)
}

func writeSummary(f *formatter) error {
	lang, err := f.flags.language()
	if err != nil {
		return err
	}
	if f.flags.client != "" {
		if err := knownClient(f.tr, f.flags.client); err != nil {
			return err
		}
	}
	_, err = io.WriteString(f.w, explain.Summary(f.tr, f.flags.client, lang))
	return err
}

// language is that of --lang.
func (f *runFlags) language() (explain.Lang, error) {
	switch {
	case f.lang != "" && f.lang != "en" && f.lang != "ja":
		return 0, fmt.Errorf("--lang %s: en or ja", f.lang)
	case picturewords.ParseLang(f.locale()) == picturewords.JA:
		return explain.JA, nil
	}
	return explain.EN, nil
}

// locale is what --lang says, or else the environment (POSIX: LC_ALL, LC_MESSAGES, LANG).
func (f *runFlags) locale() string {
	tag := f.lang
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if tag == "" {
			tag = os.Getenv(name)
		}
	}
	return tag
}

func writeSVG(f *formatter) error {
	at, err := f.flags.instant(f.tr.Length)
	if err != nil {
		return err
	}
	const w, h = 1280, 800
	v := render.View{W: w, H: h, Lang: picturewords.ParseLang(f.flags.locale())}
	_, err = f.w.Write(render.SVG(f.tr, min(at, f.tr.Length), v))
	return err
}

// program is how the command was called: go run builds it in a folder that is gone afterwards.
func program() string {
	const here = "./cmd/halfopen"
	exe, err := os.Executable()
	if err != nil || !strings.Contains(filepath.ToSlash(exe), "/go-build") {
		return "halfopen"
	}
	if _, err := os.Stat(here); err != nil {
		return "halfopen"
	}
	return "go run " + here
}

// command is the command line that gives this result again, with the seed in it.
func (f *runFlags) command(seed uint64) string {
	words := []string{}
	for _, a := range f.args {
		words = append(words, shellWord(a))
	}
	if f.seed == "" {
		words = append(words, fmt.Sprintf("--seed %d", seed))
	}
	return strings.Join(words, " ")
}

// shellWord quotes a word of a command line if a shell would read anything else in it.
func shellWord(s string) string {
	plain := func(r rune) bool {
		return r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' ||
			strings.ContainsRune("-_./:,=+@%", r)
	}
	if s != "" && strings.IndexFunc(s, func(r rune) bool { return !plain(r) }) < 0 {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
