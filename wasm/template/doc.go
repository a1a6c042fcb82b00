// Package template is the corner of text/template that ebiten's own shaders are written in:
// conditions on fields. The page's programs are built with it in place of the real one (see
// wasm.Build): whoever links text/template, which calls methods by their names, makes the linker
// keep every exported method of every type, and a first visit would wait for them.
//
// Nouns: Template, a list of nodes. Known: {{if .F}}, {{if eq .F .G}}, {{else if ...}}, {{else}},
// {{end}}. Everything else is an error of Parse, at the start of the program, so that a new ebiten
// that wants more fails in every test of the page.
package template
