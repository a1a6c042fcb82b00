package main

import (
	"errors"
	"fmt"
	"os"
	"strings"
)

// steps are in the order in which a mistake is found soonest.
var steps []step

func init() {
	steps = []step{
		{"gofmt", "the source is formatted", stepGofmt},
		{"vet", "go vet, also for js/wasm and for the window", stepVet},
		{"tidy", "the house rules", stepTidy},
		{"arrows", "dependencies point downward", stepArrows},
		{"staticcheck", "staticcheck", stepStaticcheck},
		{"packetdrill", "the project's own packetdrill scripts", stepPacketdrill},
		{"wasm", "js/wasm under node gives the same traces, byte for byte", stepWasm},
		{"runs", "each built-in scenario 200 times, with GOMAXPROCS 1 and 2", stepRuns},
		{"race", "the tests of the simulation with the race detector", stepRace},
		{"tshark", "tshark reads every built-in scenario's capture", stepTshark},
		{"fidelity", "the model against captures of real machines", stepFidelity},
		{"budget", "the page and its programs weigh no more than they may", stepBudget},
		{"browser", "the page in a browser", stepBrowser},
		{"window", "the native window under Xvfb", stepWindow},
		{"fuzz", "every fuzz target for some seconds", stepFuzz},
		{"soak", "random networks for a minute", stepSoak},
		{"resume", "a sweep killed and resumed, and in shards, gives the same file", stepResume},
		{"speed", "the benchmarks keep what was promised", stepSpeed},
		{"sweep", "1,440 runs within their budget", stepSweep},
		{"fleet", "10,000 clients within time and memory, at a flat cost", stepFleet},
	}
}

func stepGofmt(c *checker) (string, error) {
	files, err := sources()
	if err != nil {
		return "", err
	}
	out, err := c.cmd(nil, "gofmt", append([]string{"-l"}, files...)...)
	if err == nil && strings.TrimSpace(out) != "" {
		err = errors.New("run gofmt -w on:\n" + out)
	}
	return "", err
}

func stepVet(c *checker) (string, error) {
	if out, err := c.cmd(nil, "go", "vet", "./..."); err != nil {
		return out, err
	}
	js := []string{"GOOS=js", "GOARCH=wasm"}
	if out, err := c.cmd(js, "go", "vet", "./wasm/...", "./render/...", "./sim/...", "./netmodel/...",
		"./cmd/halfopen"); err != nil {
		return out, err
	}
	if err := hasX11(c); err != nil {
		return "", err
	}
	return c.cmd(nil, "go", "vet", "-tags", "gui", "./cmd/halfopen-view", "./render/paint/...")
}

// hasX11 skips what needs the headers of X11 and OpenGL, which ebiten wants on Linux.
func hasX11(c *checker) error {
	for _, f := range []string{"/usr/include/X11/Xlib.h", "/usr/include/GL/gl.h"} {
		if _, err := os.Stat(f); err != nil {
			return skip{"the window needs " + f + " (apt: libx11-dev libgl1-mesa-dev xorg-dev)"}
		}
	}
	return need("gcc")
}

func stepTidy(*checker) (string, error) {
	found, err := tidy()
	if err != nil || len(found) == 0 {
		return "", err
	}
	var b strings.Builder
	for _, f := range found {
		fmt.Fprintln(&b, f)
	}
	return b.String(), fmt.Errorf("%d findings", len(found))
}

func stepArrows(*checker) (string, error) {
	bad, err := badArrows()
	if err == nil && len(bad) > 0 {
		err = errors.New(strings.Join(bad, "\n"))
	}
	return "", err
}

// staticcheck is run from the module proxy in this version: in go.mod it would burden every module
// that uses halfopen.
const staticcheck = "honnef.co/go/tools/cmd/staticcheck@v0.8.2"

func stepStaticcheck(c *checker) (string, error) {
	return c.cmd(nil, "go", "run", staticcheck, "./...")
}

func stepPacketdrill(c *checker) (string, error) {
	return "", runPacketdrill(c.ctx, []string{"-echo", "netmodel/packetdrill/testdata"})
}

// raced are the packages whose goroutines meet: the simulation's. netmodel has none.
var raced = []string{"./sim", "./sim/scenarios/...", "./sim/sweep/..."}

func stepRace(c *checker) (string, error) {
	if err := need("gcc"); err != nil {
		return "", err
	}
	_, err := c.cmd(nil, "go", append([]string{"test", "-race", "-short", "-shuffle=on",
		"-count=3"}, raced...)...)
	return "", err
}

// stepFidelity compares with the folder that HALFOPEN_REALITY names, or the one beside the
// checkout.
func stepFidelity(c *checker) (string, error) {
	dir := os.Getenv("HALFOPEN_REALITY")
	if dir == "" {
		dir = "../shared/reality"
	}
	if _, err := os.Stat(dir); err != nil {
		return "", skip{dir + ": no captures there; HALFOPEN_REALITY names the folder"}
	}
	return "", runFidelity(c.ctx, []string{dir})
}

func stepSoak(c *checker) (string, error) {
	return "", runSoak(c.ctx, []string{"--for", "1m"})
}
