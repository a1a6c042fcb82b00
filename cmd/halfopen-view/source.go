//go:build gui

package main

import (
	"fmt"
	"os"
	"strings"
	"time"

	"halfopen/sim/scenario"
	"halfopen/sim/scenarios"
)

// source is where the scenario comes from: a built-in one, or a file that may change.
type source struct {
	name     string
	file     bool
	seen     time.Time // modification time of what was read
	asked    time.Time // when the file was last looked at
	scenario *scenario.Scenario
}

// openSource takes a built-in scenario's name or a file's.
func openSource(name string) (*source, error) {
	s := &source{name: name}
	if b, ok := scenarios.Get(name); ok {
		s.scenario = b
		return s, nil
	}
	s.file = true
	if err := s.read(); err != nil {
		if os.IsNotExist(err) {
			return nil, fmt.Errorf("%q is neither a file nor a built-in scenario; those are: %s",
				name, strings.Join(scenarios.Names(), ", "))
		}
		return nil, err
	}
	return s, nil
}

func (s *source) read() error {
	info, err := os.Stat(s.name)
	if err != nil {
		return err
	}
	text, err := os.ReadFile(s.name)
	if err != nil {
		return err
	}
	s.seen = info.ModTime()
	sc, err := scenario.Parse(s.name, string(text))
	if err != nil {
		return err
	}
	s.scenario = sc
	return nil
}

// changed reads the file again if it was saved since, looking twice a second. An error is that of
// the new text: the picture of the old one stays.
func (s *source) changed(now time.Time) (bool, error) {
	if !s.file || now.Sub(s.asked) < time.Second/2 {
		return false, nil
	}
	s.asked = now
	info, err := os.Stat(s.name)
	if err != nil || info.ModTime().Equal(s.seen) {
		return false, nil // an editor may have moved it away for a moment
	}
	s.seen = info.ModTime()
	return true, s.read()
}
