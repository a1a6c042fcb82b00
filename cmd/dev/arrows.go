package main

import (
	"fmt"
	"os/exec"
	"strings"
)

// arrow says what a package, or all packages below one (suffix /...), must not link.
type arrow struct {
	from  string
	never []string
	why   string
}

const (
	paho  = "github.com/eclipse/"
	mochi = "github.com/mochi-mqtt/"
	ebi   = "github.com/hajimehoshi/ebiten"
)

// arrows are the directions in which packages may depend on each other (sim/DESIGN.md): downward.
var arrows = []arrow{
	{from: "./netmodel", never: []string{"halfopen/", "github.com/", "golang.org/x/"},
		why: "netmodel is standard library only"},
	{from: "./sim/scenario", never: []string{paho, mochi, ebi, "halfopen/sim/trace"},
		why: "a scenario is data: it links no program"},
	{from: "./sim/trace", never: []string{paho, mochi, ebi},
		why: "a trace is data: it links no program"},
	{from: "./render/...", never: []string{paho, mochi, ebi},
		why: "the picture is a function of a trace: it links no program and no window"},
	{from: "./cmd/halfopen", never: []string{ebi}, why: "the command runs without a display"},
	{from: "./sim/...", never: []string{"halfopen/render", "halfopen/cmd", "halfopen/wasm", ebi},
		why: "the simulation does not know the picture"},
}

// badArrows lists dependencies that point the wrong way.
func badArrows() ([]string, error) {
	if err := toTop(); err != nil {
		return nil, err
	}
	var bad []string
	for _, a := range arrows {
		out, err := exec.Command("go", "list", "-deps", "-f",
			"{{if not .Standard}}{{.ImportPath}}{{end}}", a.from).CombinedOutput()
		if err != nil {
			return nil, fmt.Errorf("go list -deps %s: %w\n%s", a.from, err, out)
		}
		self := "halfopen" + strings.TrimSuffix(strings.TrimPrefix(a.from, "."), "/...")
		for dep := range strings.FieldsSeq(string(out)) {
			for _, n := range a.never {
				if strings.HasPrefix(dep, n) && dep != self && !strings.HasPrefix(dep, self+"/") {
					bad = append(bad, fmt.Sprintf("%s depends on %s: %s", a.from, dep, a.why))
				}
			}
		}
	}
	return bad, nil
}
