package scenario

import (
	"fmt"
	"strings"
)

// Error is one thing that is wrong with a scenario, and where.
type Error struct {
	File      string
	Line, Col int // from 1; 0: the file as a whole, or unknown
	Msg       string
}

// Error is "file:line:col: message", as compilers print it.
func (e *Error) Error() string {
	s := e.File
	if s == "" {
		s = "scenario"
	}
	if e.Line > 0 {
		s += fmt.Sprintf(":%d", e.Line)
		if e.Col > 0 {
			s += fmt.Sprintf(":%d", e.Col)
		}
	}
	return s + ": " + e.Msg
}

// Errors are the errors of one scenario, at most ten, in the order of its lines.
type Errors []*Error

func (l Errors) Error() string {
	lines := make([]string, len(l))
	for i, e := range l {
		lines[i] = e.Error()
	}
	return strings.Join(lines, "\n")
}

// orNil is l as an error.
func (l Errors) orNil() error {
	if len(l) == 0 {
		return nil
	}
	return l
}

// suggest is `, did you mean "word"?` for the candidate that is nearest to what was written, or
// nothing if none is near. A candidate of which only the beginning was written is near, too, but
// less so.
func suggest(wrote string, candidates []string) string {
	n := len(wrote)
	best, limit := "", max(1, len([]rune(wrote))/3)+1
	for _, c := range candidates {
		d := distance(wrote, c, limit)
		if d >= limit && n > 2 && len(c) > n {
			d = distance(wrote, c[:n], limit) + 1
		}
		if d < limit {
			best, limit = c, d
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf(", did you mean %q?", best)
}

// distance is how many letters must be changed, added, left out, or swapped with their neighbour to
// turn a into b (optimal string alignment); at least limit if it is no less than that.
func distance(a, b string, limit int) int {
	x, y := []rune(strings.ToLower(a)), []rune(strings.ToLower(b))
	if len(x) > 64 || len(y) > 64 || len(x)-len(y) >= limit || len(y)-len(x) >= limit {
		return limit
	}
	before, last := make([]int, len(y)+1), make([]int, len(y)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(x); i++ {
		row := make([]int, len(y)+1)
		row[0] = i
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last = last, row
	}
	return last[len(y)]
}

// oneOf lists words for a message: a, b or c.
func oneOf(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	n := len(words) - 1
	return strings.Join(words[:n], ", ") + " or " + words[n]
}

// Suggest is `, did you mean "word"?` for the candidate nearest to what was written; empty if none
// is near.
func Suggest(wrote string, candidates []string) string { return suggest(wrote, candidates) }
