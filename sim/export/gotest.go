package export

import (
	"fmt"
	"go/token"
	"strconv"
	"strings"
	"unicode"

	"halfopen/sim/scenario"
)

// UseLines are the commands that make a module know halfopen, which has no home on the network yet.
// The README has the same.
const UseLines = `go mod edit -require=halfopen@v0.0.0 -replace=halfopen=/path/to/halfopen
go mod tidy`

// GoTest writes the scenario as the source of a test, named after the scenario. What it writes has
// gofmt's form already: the page carries this code, and go/format would be a tenth of a megabyte
// that every visitor waits for. A test holds it to that.
func GoTest(s *scenario.Scenario) ([]byte, error) {
	name := identifier(s.Name)
	var b strings.Builder
	fmt.Fprintf(&b, "// A test made of the scenario %q. It is yours: change it as you like.\n", s.Name)
	b.WriteString("//\n// In a module of your own:\n//\n")
	for line := range strings.Lines(UseLines) {
		fmt.Fprintf(&b, "//\t%s\n", strings.TrimSpace(line))
	}
	fmt.Fprintf(&b, "\npackage %s\n\nimport (\n\t\"testing\"\n\n\t\"halfopen/sim\"\n)\n\n",
		packageName(name))
	fmt.Fprintf(&b, "// scenario says what happens, and what is expected. A failure prints the\n"+
		"// seed, the ladder around it, and how to repeat it.\n"+
		"const scenario = %s\n\n", literal(s.String()))
	fmt.Fprintf(&b, "func Test%s(t *testing.T) {\n"+
		"\tsim.Play(t, scenario, func(t *testing.T, w *sim.World) {\n"+
		"\t\t// This runs beside the scenario, in its virtual time. A client of your own\n"+
		"\t\t// comes in by the network of a machine: w.FindHost(%q).DialContext, or\n"+
		"\t\t// Paho for its options.\n\t})\n}\n", name, firstHost(s))
	return []byte(b.String()), nil
}

// packageName makes the name of a package of an exported one: a scenario may be called "range".
func packageName(name string) string {
	name = strings.ToLower(name)
	if token.IsKeyword(name) {
		return name + "s"
	}
	return name
}

// literal is a Go literal of the text, in lines if that is possible.
func literal(text string) string {
	if strings.ContainsAny(text, "`\r") {
		return strconv.Quote(text)
	}
	return "`" + text + "`"
}

// firstHost is a machine that programs may run on.
func firstHost(s *scenario.Scenario) string {
	for _, verb := range []string{"client", "host", "broker"} {
		for i := range s.Statements {
			if st := &s.Statements[i]; st.Verb == verb && !st.IsStep() && len(st.Args) > 0 {
				return st.Args[0]
			}
		}
	}
	return ""
}

// identifier makes an exported Go name of a scenario's: "seed-short" gives SeedShort.
func identifier(name string) string {
	name = strings.TrimSuffix(name[strings.LastIndex(name, "/")+1:], ".sim")
	var b strings.Builder
	upper := true
	for _, r := range name {
		switch {
		case !unicode.IsLetter(r) && !unicode.IsDigit(r) || r > unicode.MaxASCII:
			upper = true
		case upper:
			b.WriteRune(unicode.ToUpper(r))
			upper = false
		default:
			b.WriteRune(r)
		}
	}
	if b.Len() == 0 || unicode.IsDigit(rune(b.String()[0])) {
		return "Scenario" + b.String()
	}
	return b.String()
}
