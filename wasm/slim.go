package wasm

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// This file builds the picture without text/template. One file of ebiten uses it, for conditions
// in its shaders, and it calls methods by name: for its sake the linker keeps every exported method
// of every type, a sixth of what a first visit loads. Package template does the same without.
//
// Nothing of ebiten is kept in this tree. The build sees ebiten at a place where there is no file,
// through an overlay that leads to the module cache, with that one import changed on the way.

const (
	ebitenModule = "github.com/hajimehoshi/ebiten/v2"
	// ebitenPlace is below the root, so that programs do not depend on where the build writes.
	ebitenPlace = "./wasm/.ebiten"
)

// shaderFile is the file of ebiten's that changes, and templateImport what is changed in it.
const (
	shaderFile     = "internal/builtinshader/shader.go"
	templateImport = `"text/template"`
	ownTemplate    = `"halfopen/wasm/template"`
)

// slim writes into dir what makes a build slim, and returns the Go command's flags for it.
func slim(ctx context.Context, root, dir string) ([]string, error) {
	module, err := ebitenDir(ctx, root)
	if err != nil {
		return nil, err
	}
	dir = filepath.Join(dir, "slim")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	mod, err := modfile(root, dir)
	if err != nil {
		return nil, err
	}
	overlay, err := overlayFile(root, dir, module)
	return []string{"-modfile=" + mod, "-overlay=" + overlay}, err
}

// ebitenDir is where the module cache has ebiten. It is fetched if need be: the Go command lists a
// module without its folder until then.
func ebitenDir(ctx context.Context, root string) (string, error) {
	list := []string{"list", "-m", "-f", "{{.Dir}}", ebitenModule}
	for _, args := range [][]string{list, {"mod", "download", ebitenModule}, list} {
		out, err := goCommand(ctx, root, args...).Output()
		if err != nil {
			return "", failed("ebiten", err, nil)
		}
		if dir := strings.TrimSpace(string(out)); dir != "" {
			return dir, nil
		}
	}
	return "", fmt.Errorf("the Go command does not say where %s is", ebitenModule)
}

// modfile is go.mod with ebiten at its other place; its sums go beside it.
func modfile(root, dir string) (string, error) {
	mod, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		return "", err
	}
	sum, err := os.ReadFile(filepath.Join(root, "go.sum"))
	if err != nil {
		return "", err
	}
	mod = fmt.Appendf(mod, "\nreplace %s => %s\n", ebitenModule, ebitenPlace)
	if err := os.WriteFile(filepath.Join(dir, "go.sum"), sum, 0o644); err != nil {
		return "", err
	}
	name := filepath.Join(dir, "go.mod")
	return name, os.WriteFile(name, mod, 0o644)
}

// overlayFile leads from ebiten's other place to the files of its module.
func overlayFile(root, dir, module string) (string, error) {
	lead := map[string]string{}
	err := filepath.WalkDir(module, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(module, path)
		switch {
		case d.IsDir() && rel == "examples":
			return fs.SkipDir
		case !d.IsDir():
			lead[filepath.Join(root, ebitenPlace, rel)] = path
		}
		return err
	})
	if err != nil {
		return "", err
	}
	source, err := os.ReadFile(filepath.Join(module, filepath.FromSlash(shaderFile)))
	if err != nil {
		return "", err
	}
	if bytes.Count(source, []byte(templateImport)) != 1 {
		return "", fmt.Errorf("%s of ebiten no longer imports text/template once", shaderFile)
	}
	source = bytes.Replace(source, []byte(templateImport), []byte(ownTemplate), 1)
	changed := filepath.Join(dir, "shader.go.txt")
	if err := os.WriteFile(changed, source, 0o644); err != nil {
		return "", err
	}
	lead[filepath.Join(root, ebitenPlace, filepath.FromSlash(shaderFile))] = changed
	text, err := json.Marshal(map[string]any{"Replace": lead})
	if err != nil {
		return "", err
	}
	name := filepath.Join(dir, "overlay.json")
	return name, os.WriteFile(name, text, 0o644)
}
