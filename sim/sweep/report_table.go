package sweep

// tableBand is a measure of the report's table, with the quantiles that it shows of it.
type tableBand struct {
	head, column string
	quantiles    []string
	bound        func(Bounds) float64 // seconds; nil: none
}

var tableBands = []tableBand{
	{"the client notices, s", "detect_s", []string{"p5", "p50", "p95", "max"},
		func(b Bounds) float64 { return b.Client.Seconds() }},
	{"the broker notices, s", "broker_detect_s", []string{"p5", "p50", "p95", "max"},
		func(b Bounds) float64 { return b.Broker.Seconds() }},
	{"the lie, s", "lie_s", []string{"p50", "p95", "max"}, nil},
	{"down, s", "down_s", []string{"p50", "p95", "max"}, nil},
	{"awake, h a day", "awake_h_per_day", []string{"p50"}, nil},
	{"wake-ups a day", "wakes_per_day", []string{"p50"}, nil},
}

// of picks a quantile by its name.
func (b *Band) of(name string) Quantile {
	switch name {
	case "p5":
		return b.P5
	case "p50":
		return b.P50
	case "p95":
		return b.P95
	}
	return b.Most
}

// table has a line for each cell.
func (r *report) table(groups []Group) {
	r.printf("<h2>All cells</h2>\n<p>A band is that of the runs in which it happened, of all runs " +
		"of the cell: an outage that is over before anybody notices has no detection. bound: what can " +
		"be said before anything runs, from the library's source and the standard.</p>\n" +
		"<div class=\"wide\"><table>\n<thead>\n<tr>")
	for range r.p.Axes {
		r.printf("<th></th>")
	}
	for _, b := range tableBands {
		r.printf("<th class=\"first\" colspan=\"%d\">%s</th>", b.width(), esc(b.head))
	}
	r.printf("<th class=\"first\"></th></tr>\n<tr>")
	for _, a := range r.p.Axes {
		r.printf("<th class=\"name\">%s</th>", esc(a.Name))
	}
	for _, b := range tableBands {
		if b.bound != nil {
			r.printf("<th class=\"first\">of</th>")
		}
		for i, q := range b.quantiles {
			r.printf("<th%s>%s</th>", first(i == 0 && b.bound == nil), q)
		}
		if b.bound != nil {
			r.printf("<th>bound</th>")
		}
	}
	r.printf("<th class=\"first\">lost</th></tr>\n</thead>\n<tbody>\n")
	for i := range groups {
		r.line(&groups[i])
	}
	r.printf("</tbody>\n</table></div>\n")
}

func (b *tableBand) width() int {
	if b.bound == nil {
		return len(b.quantiles)
	}
	return len(b.quantiles) + 2
}

func first(is bool) string {
	if is {
		return ` class="first"`
	}
	return ""
}

func (r *report) line(g *Group) {
	r.printf("<tr>")
	for i, v := range g.Values {
		r.printf("<td class=\"name\">%s</td>", esc(r.p.label(i, v)))
	}
	bounds := r.p.boundsAt(&g.Rows[0])
	for _, b := range tableBands {
		band := Spread(g.Rows, b.column)
		if b.bound != nil {
			r.printf("<td class=\"first\">%d/%d</td>", band.N, band.Of)
		}
		for i, name := range b.quantiles {
			text := "-"
			if q := band.of(name); band.N > 0 {
				text = r.link(q.Run, number3(q.Value))
			}
			r.printf("<td%s>%s</td>", first(i == 0 && b.bound == nil), text)
		}
		if b.bound != nil {
			r.printf("<td>%s</td>", esc(bound(b.bound(bounds))))
		}
	}
	r.printf("<td class=\"first\">%s</td></tr>\n", esc(lost(g.Rows)))
}
