package trace

import (
	"strings"
	"unicode"
)

// cells is one line of a diagram: runes in columns, each with a style. Wide characters take two
// columns.
type cells struct {
	runes  []rune // 0: the second column of a wide character
	styles []style
}

// style is how a cell looks on a terminal that has colours.
type style uint8

// The styles: by meaning, as colours are not the only thing that carries it.
const (
	plain   style = iota
	faint         // lifelines, silence
	failed        // what was lost, and losses that programs noticed
	repeat        // retransmissions
	good          // what got well again
	program       // what programs do
	fault         // what the scenario does to them
)

// sgr are the styles' codes (ECMA-48, 8.3.117): those of 16-colour terminals, which people adjust
// to their background.
var sgr = [...]string{plain: "", faint: "\x1b[2m", failed: "\x1b[31m", repeat: "\x1b[33m",
	good: "\x1b[32m", program: "\x1b[36m", fault: "\x1b[1;35m"}

func newCells(width int) *cells {
	c := &cells{runes: make([]rune, width), styles: make([]style, width)}
	for i := range c.runes {
		c.runes[i] = ' '
	}
	return c
}

// put writes a text from column x on, within the line, and returns the column behind it.
func (c *cells) put(x int, text string, s style) int {
	for _, r := range text {
		w := runeWidth(r)
		if w == 0 {
			continue
		}
		if x < 0 || x+w > len(c.runes) {
			return x
		}
		c.runes[x], c.styles[x] = r, s
		if w == 2 {
			c.runes[x+1], c.styles[x+1] = 0, s
		}
		x += w
	}
	return x
}

// fill repeats a character from column x to before column to.
func (c *cells) fill(x, to int, r rune, s style) {
	for ; x < to && x < len(c.runes); x++ {
		if x >= 0 {
			c.runes[x], c.styles[x] = r, s
		}
	}
}

// write appends the line without blanks at its end.
func (c *cells) write(b *strings.Builder, color bool) {
	end := len(c.runes)
	for end > 0 && c.runes[end-1] == ' ' {
		end--
	}
	now := plain
	for i := range end {
		if c.runes[i] == 0 {
			continue
		}
		if s := c.styles[i]; color && s != now && c.runes[i] != ' ' {
			if now != plain {
				b.WriteString("\x1b[0m")
			}
			b.WriteString(sgr[s])
			now = s
		}
		b.WriteRune(c.runes[i])
	}
	if now != plain {
		b.WriteString("\x1b[0m")
	}
	b.WriteByte('\n')
}

// runeWidth is how many columns a terminal gives a character: none for marks and control
// characters, two for East Asian wide ones (UAX #11, the blocks that messages in Japanese, Chinese
// and Korean use), else one.
func runeWidth(r rune) int {
	switch {
	case r < ' ' || r == 0x7f || unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Cf, r):
		return 0
	case r >= 0x1100 && r <= 0x115f, r >= 0x2e80 && r <= 0xa4cf && r != 0x303f,
		r >= 0xac00 && r <= 0xd7a3,
		r >= 0xf900 && r <= 0xfaff, r >= 0xfe30 && r <= 0xfe6f, r >= 0xff00 && r <= 0xff60,
		r >= 0xffe0 && r <= 0xffe6, r >= 0x1f300 && r <= 0x1f64f, r >= 0x20000 && r <= 0x3fffd:
		return 2
	}
	return 1
}

func textWidth(s string) (n int) {
	for _, r := range s {
		n += runeWidth(r)
	}
	return n
}

// cut shortens a text to n columns, and says so with an ellipsis.
func cut(s string, n int) string {
	if textWidth(s) <= n {
		return s
	}
	w := 0
	for i, r := range s {
		if w+runeWidth(r) > n-1 {
			if n < 1 {
				return ""
			}
			return strings.TrimRight(s[:i], " ") + "…"
		}
		w += runeWidth(r)
	}
	return s
}

// wrap breaks a text into lines of at most n columns, at blanks where there are any.
func wrap(s string, n int) []string {
	var lines []string
	for s != "" {
		if textWidth(s) <= n {
			return append(lines, s)
		}
		w, end, blank := 0, len(s), 0
		for i, r := range s {
			if w += runeWidth(r); w > n {
				end = i
				break
			}
			if r == ' ' {
				blank = i
			}
		}
		if blank > 0 && s[end] != ' ' {
			end = blank
		}
		if end == 0 {
			return append(lines, s)
		}
		lines = append(lines, strings.TrimRight(s[:end], " "))
		s = strings.TrimLeft(s[end:], " ")
	}
	return lines
}
