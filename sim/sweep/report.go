package sweep

import (
	"fmt"
	"html"
	"slices"
	"strings"
)

// reportColumns are the measures of which a report has maps.
var reportColumns = []string{"lie_s", "detect_s", "down_s", "wakes_per_day"}

// Report writes a sweep as one HTML file that needs nothing else: inputs, build, seeds, table,
// figures, the command line. Every number leads to the run that has it, with its scenario and the
// command that runs it alone.
func Report(p *Plan, rows []Row) string {
	r := &report{p: p, rows: rows, byRun: make(map[int]*Row)}
	for i := range rows {
		r.byRun[rows[i].Run] = &rows[i]
	}
	r.open()
	r.inputs()
	r.troubles()
	for _, c := range reportColumns {
		if maps := p.Heats(rows, c); Max(maps) > 0 {
			r.printf("<h2>%s</h2>\n", esc(c))
			r.picture(heatFigure(maps, c))
		}
	}
	groups := p.Groups(rows)
	r.printf("<h2>What noticing early costs</h2>\n")
	r.picture(curveFigure(Tradeoffs(groups, "wakes_per_day", "detect_s"), "wakes_per_day", "detect_s"))
	r.table(groups)
	r.runs()
	r.printf("</body>\n</html>\n")
	return r.b.String()
}

type report struct {
	p     *Plan
	rows  []Row
	byRun map[int]*Row
	named []int // runs that something leads to
	b     strings.Builder
}

var esc = html.EscapeString

func (r *report) printf(format string, args ...any) { fmt.Fprintf(&r.b, format, args...) }

const style = `body{font:15px/1.5 sans-serif;color:#1b2733;max-width:72rem;margin:2rem auto;
padding:0 1rem}
table{border-collapse:collapse;font-size:13px}td,th{padding:.2rem .6rem;text-align:right;
border-bottom:1px solid #b8c2cc}td:first-child,th:first-child{text-align:left}
pre{background:#f2f4f6;padding:.6rem;overflow:auto}:target{outline:3px solid #005a8c}
a{color:#005a8c}svg{max-width:100%;height:auto}.bad{color:#9a3f73;font-weight:bold}
.wide{overflow-x:auto}`

func (r *report) open() {
	r.printf("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"+
		"<meta name=\"viewport\" content=\"width=device-width\">\n<title>halfopen sweep %s</title>\n"+
		"<style>%s</style>\n</head>\n<body>\n<h1>Sweep of %s</h1>\n", esc(r.p.Hash()), style,
		esc(r.p.Name))
}

func (r *report) inputs() {
	r.printf("<p>%d of %d runs, plan <code>%s</code>, schema <code>%s</code>.</p>\n", len(r.rows),
		r.p.Runs(), esc(r.p.Hash()), esc(Schema))
	r.printf("<p>Again: <code>%s</code><br>Build: <code>%s</code></p>\n", esc(r.p.Command),
		esc(r.p.Build))
	r.printf("<pre>%s</pre>\n<details><summary>The scenario that is varied</summary><pre>%s</pre>"+
		"</details>\n", esc(r.p.String()), esc(r.p.Base))
}

// troubles lists runs that broke a bound or failed: they come before all figures.
func (r *report) troubles() {
	outside, failed := Outsiders(r.rows)
	if len(outside)+len(failed) == 0 {
		r.printf("<p>Every run stayed within the analytic bounds of its client and its broker.</p>\n")
		return
	}
	r.printf("<p class=\"bad\">%d runs broke a bound, %d failed: an error of the model or of a "+
		"library.</p>\n<ul>\n", len(outside), len(failed))
	for _, row := range append(outside, failed...) {
		r.printf("<li>%s: %s%s</li>\n", r.link(row.Run, fmt.Sprintf("run %d", row.Run)),
			esc(row.Outside), esc(row.Error))
	}
	r.printf("</ul>\n")
}

// picture draws a figure, and remembers which runs it leads to.
func (r *report) picture(f *figure) {
	for i := range f.shapes {
		var run int
		if _, err := fmt.Sscanf(f.shapes[i].link, "#run-%d", &run); err == nil {
			r.named = append(r.named, run)
		}
	}
	r.b.WriteString(f.SVG())
}

func (r *report) link(run int, text string) string {
	r.named = append(r.named, run)
	return fmt.Sprintf(`<a href="#run-%d">%s</a>`, run, esc(text))
}

func (r *report) table(groups []Group) {
	r.printf("<h2>All cells</h2>\n<div class=\"wide\"><table>\n<tr>")
	for _, a := range r.p.Axes {
		r.printf("<th>%s</th>", esc(a.Name))
	}
	columns := []string{"detect_s", "broker_detect_s", "lie_s", "down_s", "wakes_per_day"}
	r.printf("<th>bound s</th>")
	for _, c := range columns {
		r.printf("<th>%s p5</th><th>p50</th><th>p95</th><th>max</th>", esc(c))
	}
	r.printf("<th>lost</th></tr>\n")
	for _, g := range groups {
		r.printf("<tr>")
		for i, v := range g.Values {
			r.printf("<td>%s</td>", esc(r.p.label(i, v)))
		}
		b := r.p.boundsAt(&g.Rows[0])
		r.printf("<td>%s</td>", esc(bound(b.Client.Seconds())))
		for _, c := range columns {
			band := Spread(g.Rows, c)
			for _, q := range []Quantile{band.P5, band.P50, band.P95, band.Most} {
				if band.N == 0 {
					r.printf("<td>-</td>")
					continue
				}
				r.printf("<td>%s</td>", r.link(q.Run, number3(q.Value)))
			}
		}
		r.printf("<td>%s</td></tr>\n", esc(lost(g.Rows)))
	}
	r.printf("</table></div>\n")
}

// runs prints what each run was that something leads to.
func (r *report) runs() {
	r.printf("<h2>Runs</h2>\n<p>Each of the numbers above is that of one run.</p>\n")
	slices.Sort(r.named)
	for _, run := range slices.Compact(r.named) {
		row := r.byRun[run]
		if row == nil {
			continue
		}
		r.printf("<details id=\"run-%d\"><summary>run %d: ", run, run)
		for i, a := range r.p.Axes {
			r.printf("%s=%s ", esc(a.Name), esc(row.Parts[i]))
		}
		r.printf("seed=%d</summary>\n", row.Seed)
		r.printf("<pre>%s --only %d\n%s --only %d --scenario | halfopen run -</pre>\n",
			esc(r.p.Command), run, esc(r.p.Command), run)
		if s, err := r.p.Scenario(row.Point); err == nil {
			r.printf("<pre>%s</pre>\n", esc(s.String()))
		}
		r.printf("</details>\n")
	}
}
