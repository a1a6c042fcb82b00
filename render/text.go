package render

// Sizes of text, in CSS pixels.
const (
	textTiny  = 10.5 // badges, the clock beside a row
	textSmall = 11.5 // what explains something else
	textLabel = 12   // beliefs, names of packets
	textName  = 15   // of hosts
)

// Metrics measures text, so that a picture can be laid out without a font, a screen or cgo.
type Metrics interface {
	// Advance is the width of a character in thousandths of the font size.
	Advance(r rune, bold bool) float32
}

// DefaultMetrics are those of the Go fonts for Latin, and of any Japanese font otherwise: a square
// for each kana and kanji. TestMetrics compares them with the fonts themselves.
var DefaultMetrics Metrics = goMetrics{}

type goMetrics struct{}

// goWidths are the advances of ' ' to '~' in Go Regular and Go Bold, of 2048 units per em.
var goWidths = [2][95]uint16{
	{
		569, 569, 727, 1139, 1139, 1821, 1366, 391, 682, 682, 1196, 1196, 648, 1196, 648, 569,
		1139, 1139, 1139, 1139, 1139, 1139, 1139, 1139, 1139, 1139, 627, 627, 1196, 1196, 1196,
		1139, 2079, 1366, 1366, 1479, 1479, 1366, 1251, 1593, 1479, 817, 1015, 1366, 1139, 1706,
		1479, 1593, 1366, 1593, 1479, 1366, 1251, 1479, 1366, 1933, 1366, 1366, 1251, 569, 569,
		569, 960, 1139, 682, 1139, 1139, 1024, 1139, 1139, 569, 1139, 1139, 505, 519, 1024, 548,
		1706, 1139, 1139, 1139, 1139, 682, 1024, 579, 1139, 1024, 1479, 1024, 1024, 1024, 684, 532,
		684, 1196,
	},
	{
		569, 682, 971, 1139, 1139, 1821, 1479, 487, 682, 682, 1143, 1196, 569, 1196, 569, 569,
		1139, 1139, 1139, 1139, 1139, 1139, 1139, 1139, 1139, 1139, 682, 682, 1196, 1196, 1196,
		1251, 1997, 1479, 1479, 1479, 1479, 1366, 1251, 1593, 1479, 928, 1139, 1479, 1251, 1706,
		1479, 1593, 1366, 1593, 1479, 1366, 1251, 1479, 1366, 1933, 1366, 1366, 1251, 682, 569,
		682, 1196, 1139, 682, 1139, 1251, 1139, 1251, 1139, 682, 1251, 1251, 592, 589, 1139, 611,
		1821, 1251, 1251, 1251, 1251, 797, 1139, 682, 1251, 1139, 1593, 1139, 1139, 1024, 797, 573,
		797, 1196,
	},
}

// Advance implements Metrics.
func (goMetrics) Advance(r rune, bold bool) float32 {
	face := 0
	if bold {
		face = 1
	}
	if r >= ' ' && r <= '~' {
		return float32(goWidths[face][r-' ']) * 1000 / 2048
	}
	return symbolWidth(r)
}

// symbolWidth knows the few other characters that pictures use, in both faces alike.
func symbolWidth(r rune) float32 {
	switch r {
	case '\u00d7', '\u00b1': // times, plus-minus
		return 584
	case '\u00b7': // middle dot
		return 277
	case '\u2013', '\u2191', '\u2193': // en dash, arrows up and down
		return 556
	case '\u00bd': // one half
		return 834
	case '\u2264', '\u2265': // at most, at least
		return 549
	case '\u2018', '\u2019': // single quotes
		return 278
	case '\u201c', '\u201d': // double quotes
		return 500
	}
	if r < 0x2000 {
		return 667 // other alphabets: about as wide as a Latin capital
	}
	return 1000
}

// measure returns the width of a text in pixels.
func (l *List) measure(s string, size float32, bold bool) float32 {
	var w float32
	for _, r := range s {
		w += l.font.Advance(r, bold)
	}
	return w * size / 1000
}

// measureBytes is measure for text that is in the list already.
func (l *List) measureBytes(b []byte, size float32, bold bool) float32 {
	var w float32
	for len(b) > 0 {
		r, n := decode(b)
		w += l.font.Advance(r, bold)
		b = b[n:]
	}
	return w * size / 1000
}
