package render

import (
	"time"

	"halfopen/netmodel"
	"halfopen/sim/belief"
)

// chips is a narrow view's band between stage and content: what both programs believe, and the lie.
func (f *frame) chips() {
	r := f.lo.Chips
	if r.Empty() {
		return
	}
	f.l.rect(r, 0, Background)
	b := f.ix.believer(f.v.Client)
	if b == nil {
		return
	}
	w := (r.W - 3*8) / 2
	for i, lane := range [...]belief.Lane{belief.ClientApp, belief.BrokerSession} {
		box := Rect{r.X + 8 + float32(i)*(w+8), r.Y + 4, w, 22}
		f.l.begin(Ref{Role: RoleSpan, Time: f.t, Box: box})
		f.l.say(f.word(laneKeys[lane]), ": ")
		f.chip(box, f.beliefChip(b, lane), textLabel)
		f.l.end()
	}
	f.l.begin(Ref{Role: RoleLie, Box: Rect{r.X, r.Y + 28, r.W, 18}})
	from := len(f.l.text)
	f.l.text = f.appendLie(f.l.text, b, f.t)
	f.l.label = append(f.l.label, f.l.text[from:]...)
	f.l.written(r.X+r.W/2, r.Y+41, from, 12, Ink, center, true)
	f.l.end()
}

// lieUntil is how long the parts of the connection had believed what was not so, up to t.
func (b *beliefs) lieUntil(t netmodel.Time) time.Duration {
	var d time.Duration
	for _, s := range b.lie.Spans {
		if s.Begin < t {
			d += min(s.End, t).Sub(s.Begin)
		}
	}
	return d
}

// appendLie prints "the lie: 74.7 s", as far as it has come by t.
func (f *frame) appendLie(b []byte, bl *beliefs, t netmodel.Time) []byte {
	b = append(b, f.word("lie")...)
	b = append(b, ": "...)
	return f.appendLength(b, netmodel.Time(bl.lieUntil(t)))
}

// appendLength prints a length of time as a person would write it: 74.7 s, 12:05 min, 3:20 h.
func (f *frame) appendLength(b []byte, d netmodel.Time) []byte {
	tenths := (int64(d) + 50e6) / 100e6
	seconds := (int64(d) + 500e6) / 1e9
	switch {
	case tenths < 6000:
		b = append(appendInt(b, tenths/10), '.', byte('0'+tenths%10))
		return append(b, f.word("unit.s")...)
	case seconds < 3600:
		b = append(appendInt(b, seconds/60), ':', byte('0'+seconds%60/10), byte('0'+seconds%10))
		return append(b, f.word("unit.min")...)
	}
	m := seconds / 60
	b = append(appendInt(b, m/60), ':', byte('0'+m%60/10), byte('0'+m%10))
	return append(b, f.word("unit.h")...)
}
