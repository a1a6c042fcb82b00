package render

import (
	"strings"

	"halfopen/sim/belief"
)

// chipWords is a belief as a chip shows it.
type chipWords struct {
	text   string
	manner manner
	color  Color
}

// appChip is what a host's program believes. A broker's is about the view's client's session.
func (f *frame) appChip(n *node) chipWords {
	if b := f.believerAt(n); b != nil {
		lane := belief.ClientApp
		if n.broker {
			lane = belief.BrokerSession
		}
		return f.beliefChip(b, lane)
	}
	if n.client < 0 {
		return chipWords{}
	}
	s := f.ix.moods[n.client].now(f.t)
	return chipWords{text: f.word(stateWords[s.State]), manner: mannerOf(&s), color: MQTT}
}

// believerAt is the client whose belief a host shows: its own, or at a broker the view's. In a
// crowd only the view's client has one.
func (f *frame) believerAt(n *node) *beliefs {
	switch {
	case n.broker:
		return f.ix.believer(f.v.Client)
	case n.client < 0:
		return nil
	case len(f.ix.clients) <= manyClients || f.ix.clients[n.client] == f.v.Client:
		return f.ix.belief(n.client)
	}
	return nil
}

// beliefChip is what a lane says now.
func (f *frame) beliefChip(b *beliefs, lane belief.Lane) chipWords {
	s := b.lanes.At(lane, min(f.t, b.lanes.End-1))
	if s == nil {
		return chipWords{}
	}
	c := chipWords{text: f.stateText(lane, b, s), manner: mannerOf(s), color: laneColor(lane)}
	if c.manner == mannerNone && f.forgotten(lane, b, s) {
		c.manner = mannerKnows
	}
	if wrong(b.lie.Lanes[lane], f.t) {
		c.manner = mannerWrong
	}
	return c
}

// laneColor is green for programs and the path, sky for kernels.
func laneColor(lane belief.Lane) Color {
	if lane == belief.ClientTCP || lane == belief.BrokerTCP {
		return TCP
	}
	return MQTT
}

// chip draws a belief: filled if sure, striped while waiting, filled and hatched if wrong, hollow
// if it knows that the line is gone. The words are always there.
func (f *frame) chip(r Rect, c chipWords, size float32) {
	if c.text == "" || r.W < 20 {
		return
	}
	f.l.say(c.text)
	if c.manner == mannerWrong {
		f.l.say(" (", f.word("belief.wrong"), ")")
	}
	l, radius := f.l, r.H/2
	ink, plate := Ink, Raised
	switch c.manner {
	case mannerSure, mannerWrong:
		l.rect(r, radius, c.color)
		ink, plate = Paper, c.color
		if c.manner == mannerWrong {
			l.wrong(Rect{r.X + radius*0.6, r.Y + 1, r.W - radius*1.2, r.H - 2})
			l.frame(r, radius, 2, Danger)
		}
	case mannerWaiting:
		l.frame(r, radius, 1.5, c.color)
		l.alpha = 110
		l.hatch(Rect{r.X + radius*0.6, r.Y + 1, r.W - radius*1.2, r.H - 2}, 8, 2, c.color)
		l.alpha = 255
	case mannerKnows:
		l.frame(r, radius, 1.5, c.color)
	case mannerNone:
		l.frame(r, radius, 1, Rule)
	}
	f.chipText(r, c, size, ink, plate)
}

// chipText writes a chip's words: smaller, then in two lines, then smaller still, and cut only
// where even that is too wide.
func (f *frame) chipText(r Rect, c chipWords, size float32, ink, plate Color) {
	l, room := f.l, r.W-12
	w := l.measure(c.text, size, true)
	if w > room {
		size = max(size*room/w, 9.5)
		w = l.measure(c.text, size, true)
	}
	lines := [2]string{c.text}
	n := 1
	if w > room {
		if lines[0], lines[1] = halves(c.text); lines[1] != "" {
			n = 2
		}
		w = max(l.measure(lines[0], size, true), l.measure(lines[1], size, true))
		if w > room { // one long word, where two stages share the room of one
			size = max(size*room/w, 7.5)
			w = max(l.measure(lines[0], size, true), l.measure(lines[1], size, true))
		}
	}
	w = min(w, room)
	if c.manner == mannerWrong || c.manner == mannerWaiting {
		l.rect(Rect{r.X + r.W/2 - w/2 - 5, r.Y + 3, w + 10, r.H - 6}, 5, plate)
	}
	for i, s := range lines[:n] {
		from := len(l.text)
		l.text = append(l.text, s...)
		l.fit(from, room, size, true)
		y := r.Y + r.H/2 + size*0.36 + (float32(i)-float32(n-1)/2)*(size-0.5)
		l.written(r.X+r.W/2, y, from, size, ink, center, true)
	}
}

// halves parts words near their middle: at a space, or anywhere in a language without.
func halves(s string) (a, b string) {
	best := -1
	for i, r := range s {
		if (r == ' ' || r >= 0x3000) && i > 0 && abs(2*i-len(s)) < abs(2*best-len(s)) {
			best = i
		}
	}
	if best < 0 {
		return s, ""
	}
	return s[:best], strings.TrimPrefix(s[best:], " ")
}

func abs(n int) int { return max(n, -n) }
