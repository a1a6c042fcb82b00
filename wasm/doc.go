// Package wasm is the page: its files, the two programs that run in it, and how they become a
// server, a folder for any web host, or one file that opens from disk. The nouns:
//
//   - Page (folder page): HTML, CSS and ES modules, plain files embedded in the binary. No build
//     step touches them; a browser reads what stands there.
//   - Programs: picture (draws; shown first) and simulation (runs scenarios in a Web Worker), built
//     with the Go toolchain by Toolchain, together with the toolchain's own wasm_exec.js.
//   - Bundle: the page and the programs together, by name. Server serves one, WriteSite writes one
//     to a folder with its compressed forms, Single folds one into one HTML file.
//
// All addresses in the page are relative, so that it works below any path. The policy is strict:
// nothing is loaded from elsewhere, nothing is evaluated but WebAssembly.
package wasm
