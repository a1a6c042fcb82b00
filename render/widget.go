package render

// RoleWidget marks a widget of the native window. The page has HTML for these.
const RoleWidget Role = 200

// WidgetKind says what a widget looks like.
type WidgetKind uint8

// The kinds of widget.
const (
	Button WidgetKind = iota
	Toggle            // a button that stays down
	Slider            // Value from 0 to 1
	Row               // a line of a list
)

// Widget is a control of the native window as it stands: whoever owns it knows what it does.
type Widget struct {
	Kind  WidgetKind
	Box   Rect
	Text  string
	On    bool
	Focus bool // the keyboard is here
	Value float32
}

const (
	widgetText   = 14
	widgetRadius = 6
	knob         = 8
)

// Widget draws a control over the picture. Its Ref has the widget's box and name.
func (l *List) Widget(w Widget) {
	l.begin(Ref{Role: RoleWidget, Box: w.Box})
	l.say(w.Text)
	switch w.Kind {
	case Slider:
		l.slider(w)
	case Row:
		l.row(w)
	default:
		l.button(w)
	}
	if w.Focus {
		l.frame(w.Box.inset(-2), widgetRadius+2, 2, Accent)
	}
	l.end()
}

func (l *List) button(w Widget) {
	back, ink := Raised, Ink
	if w.On {
		back, ink = TCP, Paper
	}
	l.rect(w.Box, widgetRadius, back)
	l.frame(w.Box, widgetRadius, 1, Rule)
	l.write(w.Box.X+w.Box.W/2, w.Box.Y+w.Box.H/2+widgetText*0.36, w.Text, widgetText, ink, center)
}

func (l *List) slider(w Widget) {
	y := w.Box.Y + w.Box.H - knob - 2
	x0, x1 := w.Box.X+knob, w.Box.X+w.Box.W-knob
	l.write(w.Box.X, w.Box.Y+widgetText, w.Text, widgetText, Soft, left)
	l.line(x0, y, x1, y, 3, Rule)
	x := x0 + (x1-x0)*min(max(w.Value, 0), 1)
	l.line(x0, y, x, y, 3, TCP)
	l.disc(x, y, knob, TCP)
}

func (l *List) row(w Widget) {
	ink := Soft
	if w.On {
		l.rect(w.Box, 0, Raised)
		ink = Ink
	}
	from := len(l.text)
	l.text = append(l.text, w.Text...)
	l.fit(from, w.Box.W-12, widgetText-1, false)
	l.written(w.Box.X+6, w.Box.Y+w.Box.H/2+widgetText*0.34, from, widgetText-1, ink, left, false)
}

// SliderValue is the value of a slider with that box for a pointer at x.
func SliderValue(box Rect, x float32) float32 {
	return min(max((x-box.X-knob)/(box.W-2*knob), 0), 1)
}

// Paragraph writes a text into a box, broken between words (anywhere in Japanese, which has no
// spaces), and returns where the next line would stand.
func (l *List) Paragraph(box Rect, s string, size float32, c Color) float32 {
	y, begin, used := box.Y+size, 0, float32(0)
	lastBreak := 0
	for i, r := range s {
		if r == ' ' || r >= 0x2E80 {
			lastBreak = i
		}
		a := l.font.Advance(r, false) * size / 1000
		if used+a > box.W && lastBreak > begin {
			l.write(box.X, y, trimSpace(s[begin:lastBreak]), size, c, left)
			begin = lastBreak
			used = l.measure(trimSpace(s[begin:i]), size, false)
			y += size * 1.4
		}
		used += a
	}
	l.write(box.X, y, trimSpace(s[begin:]), size, c, left)
	return y + size*1.4
}

func trimSpace(s string) string {
	for len(s) > 0 && s[0] == ' ' {
		s = s[1:]
	}
	return s
}
