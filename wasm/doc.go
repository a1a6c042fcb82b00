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
// An edit is run in the worker while the run before plays on, and is unpacked and made ready on the
// page's thread in pieces of some milliseconds. The page counts the frames that this drops (see
// page/frames.js); the browser tests hold it to two at most, and to half a second from the click to
// the new future, for ten virtual minutes with two clients.
//
// All addresses in the page are relative, so that it works below any path. The policy is strict:
// nothing is loaded from elsewhere, nothing is evaluated but WebAssembly.
package wasm
