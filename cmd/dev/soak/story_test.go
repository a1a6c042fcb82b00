package soak

import (
	"strings"
	"testing"
)

func TestStories(t *testing.T) {
	if testing.Short() {
		t.Skip("whole scenarios")
	}
	for seed := range uint64(3) {
		s := NewStory(seed)
		if err := s.Run(); err != nil {
			t.Errorf("%v\n%s", err, s)
		}
	}
}

// What is printed must be a scenario that fails on its own.
func TestShrunkStoryKeepsTheLineThatMatters(t *testing.T) {
	var s *Story
	for seed := uint64(0); s == nil || len(s.Trouble) < 3; seed++ {
		s = NewStory(seed)
	}
	line := s.Trouble[1]
	small := s.Shrink(func(c *Story) bool { return strings.Contains(c.String(), line) })
	if len(small.Trouble) != 1 || small.Trouble[0] != line {
		t.Errorf("not minimal:\n%s", small)
	}
}
