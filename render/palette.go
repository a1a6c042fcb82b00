package render

import "image/color"

// Color names a colour by its use; what it looks like is the theme's. It is never the only carrier
// of a meaning: shape, line style and words say the same.
type Color uint8

// The colours.
const (
	Background Color = iota
	Panel            // a box on the background
	Raised           // a box on a panel
	Rule             // hairlines, lifelines, quiet wires
	Ink              // text
	Soft             // second text
	TCP              // SYN
	MQTT             // CONNECT, SUBSCRIBE and their answers; a belief that is true
	Ping             // PINGREQ, PINGRESP
	Publish          // PUBLISH and its acknowledgements
	Fin
	Danger // RST, lost, the lie, a cut
	Ack    // pure acknowledgements, idle
	Paper  // text on a filled shape of a signal colour
	Accent // selection, playhead
	numColors
)

var colorNames = [numColors]string{"background", "panel", "raised", "rule", "ink", "soft", "tcp",
	"mqtt", "ping", "publish", "fin", "danger", "ack", "paper", "accent"}

func (c Color) String() string { return colorNames[c] }

// Theme is a set of colours.
type Theme uint8

// The themes. Dark is Okabe and Ito's set on a dark blue; on white that set is too pale for thin
// lines (sky, orange and yellow reach 2.3, 2.3 and 1.3 to 1), so Light has its own. Light is also
// for print.
const (
	Dark Theme = iota
	Light
)

// palettes holds 24-bit colours. The contrast of each signal colour against the background, and
// the distance of each pair under three kinds of colour blindness, are held by TestPalette.
var palettes = [...][numColors]uint32{
	Dark: {
		Background: 0x0F1720, Panel: 0x16212C, Raised: 0x1F2D3A, Rule: 0x3A4B5C,
		Ink: 0xE8EEF4, Soft: 0xA9B6C2, TCP: 0x56B4E9, MQTT: 0x009E73, Ping: 0xF0E442,
		Publish: 0xE69F00, Fin: 0xCC79A7, Danger: 0xD55E00, Ack: 0xC9D3DC, Paper: 0x0F1720,
		Accent: 0xFFFFFF,
	},
	Light: {
		Background: 0xFFFFFF, Panel: 0xF5F7F9, Raised: 0xE9EEF2, Rule: 0xB4C0CB,
		Ink: 0x1B2733, Soft: 0x4D5C6A, TCP: 0x005A8C, MQTT: 0x00694D, Ping: 0x8A6000,
		Publish: 0x8A6000, Fin: 0x9A3F73, Danger: 0x1B2733, Ack: 0x5A6875, Paper: 0xFFFFFF,
		Accent: 0x005A8C,
	},
}

// RGBA returns a colour of a theme with an opacity, not premultiplied.
func (t Theme) RGBA(c Color, alpha uint8) color.NRGBA {
	v := palettes[t][c]
	return color.NRGBA{R: uint8(v >> 16), G: uint8(v >> 8), B: uint8(v), A: alpha}
}
