package sweep

import (
	"fmt"
	"io"
	"strconv"
	"strings"
)

// WriteTable prints a line for each cell: the detection of client and broker as a band beside its
// bound, the lie, the downtime, what was lost, what it costs.
func WriteTable(w io.Writer, p *Plan, rows []Row) error {
	t := textTable{}
	var head []string
	for _, a := range p.Axes {
		head = append(head, a.Name)
	}
	t.add(append(head, "noticed", "p5", "p50", "p95", "max", "bound", "broker p95", "bound", "lie p95",
		"down p95", "lost", "awake h/d", "wakes/d")...)
	for _, g := range p.Groups(rows) {
		b := p.boundsAt(&g.Rows[0])
		d, broker := Spread(g.Rows, "detect_s"), Spread(g.Rows, "broker_detect_s")
		var line []string
		for i, v := range g.Values {
			line = append(line, p.label(i, v))
		}
		line = append(line, fmt.Sprintf("%d/%d", d.N, d.Of), cell(d, d.P5), cell(d, d.P50),
			cell(d, d.P95), cell(d, d.Most), bound(b.Client.Seconds()), cell(broker, broker.P95),
			bound(b.Broker.Seconds()))
		for _, column := range []string{"lie_s", "down_s"} {
			s := Spread(g.Rows, column)
			line = append(line, cell(s, s.P95))
		}
		awake, wakes := Spread(g.Rows, "awake_h_per_day"), Spread(g.Rows, "wakes_per_day")
		t.add(append(line, lost(g.Rows), cell(awake, awake.P50), cell(wakes, wakes.P50))...)
	}
	_, err := io.WriteString(w, t.String())
	return err
}

// boundsAt computes the bounds of a row's scenario.
func (p *Plan) boundsAt(r *Row) Bounds {
	s, err := p.Scenario(r.Point)
	if err != nil {
		return Bounds{}
	}
	for _, st := range devices(s) {
		if p.Client == "" || st.Args[0] == p.Client {
			return BoundsOf(s, st.Args[0])
		}
	}
	return Bounds{}
}

func cell(b Band, q Quantile) string {
	if b.N == 0 {
		return "-"
	}
	return number3(q.Value)
}

func bound(seconds float64) string {
	if seconds == 0 {
		return "none"
	}
	return number3(seconds)
}

// number3 prints three or four digits: 74.7, 924, 12345.
func number3(x float64) string {
	switch {
	case x == 0:
		return "0"
	case x < 10:
		return strings.TrimSuffix(strings.TrimRight(strconv.FormatFloat(x, 'f', 2, 64), "0"), ".")
	case x < 1000:
		return strings.TrimSuffix(strconv.FormatFloat(x, 'f', 1, 64), ".0")
	}
	return strconv.FormatFloat(x, 'f', 0, 64)
}

// lost is the share of messages that never came, over all rows, of those that somebody had asked
// for; "-" if nobody ever had.
func lost(rows []Row) string {
	sent, gone := 0.0, 0.0
	for i := range rows {
		r := &rows[i]
		n, _ := r.Get("msg_sent")
		unasked, _ := r.Get("msg_lost_nobody_subscribed")
		sent += (n - unasked) * r.Weight
		for _, c := range Columns {
			if strings.HasPrefix(c.Name, "msg_lost_") && c.Name != "msg_lost_under_way" &&
				c.Name != "msg_lost_nobody_subscribed" {
				x, _ := r.Get(c.Name)
				gone += x * r.Weight
			}
		}
	}
	if sent == 0 {
		return "-"
	}
	return number3(100*gone/sent) + "%"
}

// textTable aligns columns: those that begin with text to the left, others to the right.
type textTable struct{ lines [][]string }

func (t *textTable) add(cells ...string) { t.lines = append(t.lines, cells) }

func (t *textTable) String() string {
	var width []int
	var left []bool
	for n, l := range t.lines {
		for i, c := range l {
			if i == len(width) {
				width, left = append(width, 0), append(left, false)
			}
			width[i] = max(width[i], len(c))
			left[i] = left[i] || i == 0 || n > 0 && !numeric(c)
		}
	}
	var b strings.Builder
	for _, l := range t.lines {
		for i, c := range l {
			if i > 0 {
				b.WriteString("  ")
			}
			if left[i] {
				fmt.Fprintf(&b, "%-*s", width[i], c)
			} else {
				fmt.Fprintf(&b, "%*s", width[i], c)
			}
		}
		b.WriteByte('\n')
	}
	return trimLines(b.String())
}

// numeric reports whether a cell is a number, or the lack of one.
func numeric(s string) bool {
	return s == "none" || s != "" && (s[0] >= '0' && s[0] <= '9' || s[0] == '-')
}
