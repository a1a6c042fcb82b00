package wasm

import (
	"bytes"
	"context"
	"os"
	"strings"
	"testing"
)

// The picture is built from ebiten as it is, but for one import: with the flags for it the program
// has our template package and not the one that keeps every method.
func TestSlimPictureLacksTextTemplate(t *testing.T) {
	ctx := context.Background()
	root, err := FindSource(".")
	if err != nil {
		t.Fatal(err)
	}
	flags, err := slim(ctx, root, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	c := goCommand(ctx, root, append(append([]string{"list", "-deps"}, flags...),
		"./wasm/picture")...)
	var said bytes.Buffer
	c.Stderr = &said
	out, err := c.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, &said)
	}
	deps := "\n" + string(out)
	for pkg, want := range map[string]bool{"text/template": false, "halfopen/wasm/template": true,
		ebitenModule + "/internal/builtinshader": true} {
		if got := strings.Contains(deps, "\n"+pkg+"\n"); got != want {
			t.Errorf("%s is linked: %v, want %v", pkg, got, want)
		}
	}
}

// A build leaves nothing in the source tree.
func TestSlimLeavesTheTreeAlone(t *testing.T) {
	root, err := FindSource(".")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := slim(context.Background(), root, t.TempDir()); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(root + "/wasm/.ebiten"); !os.IsNotExist(err) {
		t.Errorf("there is something at ebiten's other place: %v", err)
	}
}
