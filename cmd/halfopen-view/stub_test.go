//go:build !gui

package main

import (
	"strings"
	"testing"
)

// Without the tag the program must say the exact command, with the scenario that was asked for, and
// on Linux what to install.
func TestHintNamesCommandAndPackages(t *testing.T) {
	linux := hint("linux", []string{"tunnel.txt"})
	for _, want := range []string{"go run -tags gui ./cmd/halfopen-view tunnel.txt\n",
		"libxrandr-dev libxxf86vm-dev libxi-dev libxcursor-dev libxinerama-dev", "halfopen serve"} {
		if !strings.Contains(linux, want) {
			t.Errorf("the hint on Linux lacks %q:\n%s", want, linux)
		}
	}
	if mac := hint("darwin", nil); strings.Contains(mac, "apt-get") {
		t.Errorf("the hint on macOS names Linux packages:\n%s", mac)
	}
}
