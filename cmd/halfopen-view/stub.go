//go:build !gui

package main

import (
	"fmt"
	"os"
	"runtime"
	"strings"
)

// main explains how to build the window. Ebiten needs cgo and X11 headers on Linux, and merely
// importing it needs a display, so the window is behind a build tag.
func main() {
	fmt.Fprint(os.Stderr, hint(runtime.GOOS, os.Args[1:]))
	os.Exit(2)
}

// packages are what ebiten's C part needs on Debian and Ubuntu; Fedora's names follow.
const packages = `
On Linux that needs a C compiler and the X11 headers. Debian, Ubuntu:

    sudo apt-get install gcc libxrandr-dev libxxf86vm-dev libxi-dev libxcursor-dev libxinerama-dev

Fedora:

    sudo dnf install gcc libXrandr-devel libXxf86vm-devel libXi-devel libXcursor-devel \
        libXinerama-devel
`

func hint(goos string, args []string) string {
	if len(args) == 0 {
		args = []string{"seed"}
	}
	text := "This was built without the window. Run it with the tag gui:\n\n" +
		"    go run -tags gui ./cmd/halfopen-view " + strings.Join(args, " ") + "\n"
	if goos == "linux" || goos == "freebsd" || goos == "openbsd" || goos == "netbsd" {
		text += packages
	}
	return text + "\nWithout a window the same picture is in the browser: " +
		"go run ./cmd/halfopen serve\n"
}
