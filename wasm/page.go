package wasm

import (
	"embed"
	"io/fs"
	"path"
	"strings"
)

//go:embed page
var page embed.FS

// Policy is the Content-Security-Policy that the page is written for. 'wasm-unsafe-eval' allows
// compiling WebAssembly and nothing else.
const Policy = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; " +
	"base-uri 'none'; form-action 'none'; object-src 'none'"

// The names of the files that the toolchain contributes.
const (
	PictureName    = "picture.wasm"
	SimulationName = "simulation.wasm"
	ExecName       = "wasm_exec.js"
)

// Bundle holds the files of the site by their slash-separated names.
type Bundle map[string][]byte

// pageFiles returns the embedded page.
func pageFiles() (Bundle, error) {
	b := Bundle{}
	err := fs.WalkDir(page, "page", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := page.ReadFile(name)
		b[strings.TrimPrefix(name, "page/")] = data
		return err
	})
	return b, err
}

// contentTypes names the types that browsers insist on: a module served as text/plain does not run,
// and compileStreaming wants application/wasm. The system's tables are not asked: they differ.
var contentTypes = map[string]string{
	".html": "text/html; charset=utf-8",
	".css":  "text/css; charset=utf-8",
	".js":   "text/javascript; charset=utf-8",
	".json": "application/json",
	".svg":  "image/svg+xml",
	".wasm": "application/wasm",
	".txt":  "text/plain; charset=utf-8",
	".otf":  "font/otf",
}

func contentType(name string) string {
	if t, ok := contentTypes[path.Ext(name)]; ok {
		return t
	}
	return "application/octet-stream"
}
