package sweep

import (
	"fmt"
	"html"
	"slices"
	"strings"
)

// reportColumns are the measures of which a report has maps.
var reportColumns = []string{"lie_s", "detect_s", "broker_detect_s", "down_s", "lost_pct",
	"awake_h_per_day", "wakes_per_day"}

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
		if maps := p.Heats(rows, c); scaleOf(maps).high > 0 {
			r.printf("<h2 id=\"%s\">%s</h2>\n", c, esc(upper(FindColumn(c).Doc)))
			r.picture(heatFigure(maps, c, c))
		}
	}
	r.printf("<h2>What noticing early costs</h2>\n")
	r.picture(curveFigure(p, rows))
	r.table(p.Groups(rows))
	r.runs()
	r.printf("</main>\n</body>\n</html>\n")
	return r.b.String()
}

func upper(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

type report struct {
	p     *Plan
	rows  []Row
	byRun map[int]*Row
	named []int // runs that something leads to
	b     strings.Builder
}

var esc = html.EscapeString

func (r *report) printf(format string, args ...any) { fmt.Fprintf(&r.b, format, args...) }

const style = `body{font:15px/1.5 sans-serif;color:#1b2733;max-width:75rem;margin:2rem auto;
padding:0 1rem}h1{margin-bottom:.3rem}h2{margin-top:2.5rem}
table{border-collapse:collapse;font-size:12px}td,th{padding:.15rem .4rem;text-align:right;
border-bottom:1px solid #dde3e8;white-space:nowrap}td.name,th.name{text-align:left}
thead th{position:sticky;background:#fff}thead tr:first-child th{top:0;text-align:center}
thead tr:last-child th{top:1.5rem}.first{border-left:1px solid #b8c2cc}
tbody tr:hover{background:#f2f4f6}.wide{overflow:auto;max-height:80vh}
pre{background:#f2f4f6;padding:.6rem;overflow:auto;margin:.4rem 0}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1rem}dd{margin:0}
:target{outline:3px solid #005a8c}a{color:#005a8c}td a{text-decoration:none}
svg{max-width:100%;height:auto}svg a:focus *{stroke:#1b2733;stroke-width:3}
.bad{color:#9a3f73;font-weight:bold}details{margin:.2rem 0}.row{font-size:13px;columns:20rem}
@media print{.wide{max-height:none;overflow:visible}}`

func (r *report) open() {
	r.printf("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"+
		"<meta name=\"viewport\" content=\"width=device-width\">\n<title>halfopen sweep %s</title>\n"+
		"<style>%s</style>\n</head>\n<body>\n<main>\n<h1>Sweep of %s</h1>\n", esc(r.p.Hash()), style,
		esc(r.p.Name))
}

func (r *report) inputs() {
	r.printf("<p>A number is that of one run, and leads to it: to its scenario, and to the command " +
		"that runs it alone. A cell is all runs of equal settings; p95 is the value that 95 in 100 " +
		"of its runs do not exceed: of fewer than twenty runs the highest.</p>\n<dl>\n")
	for _, in := range [][2]string{
		{"Runs", fmt.Sprintf("%d of %d, plan %s, schema %s", len(r.rows), r.p.Runs(), r.p.Hash(),
			Schema)},
		{"Again", r.p.Command}, {"Build", r.p.Build}} {
		r.printf("<dt>%s</dt><dd><code>%s</code></dd>\n", in[0], esc(in[1]))
	}
	r.printf("</dl>\n<pre>%s</pre>\n<details><summary>The scenario that is varied</summary>"+
		"<pre>%s</pre></details>\n", esc(r.p.String()), esc(r.p.Base))
}

// troubles lists runs that broke a bound or failed, and those whose details chance decided: they
// come before all figures.
func (r *report) troubles() {
	outside, failed := Outsiders(r.rows)
	if len(outside)+len(failed) == 0 {
		r.printf("<p>Every run stayed within the analytic bounds of its client and its broker.</p>\n")
	} else {
		r.printf("<p class=\"bad\">%d runs broke a bound, %d failed: an error of the model or of a "+
			"library.</p>\n<ul>\n", len(outside), len(failed))
		for _, row := range append(outside, failed...) {
			r.printf("<li>%s: %s%s</li>\n", r.link(row.Run, fmt.Sprintf("run %d", row.Run)),
				esc(row.Outside), esc(row.Error))
		}
		r.printf("</ul>\n")
	}
	if n := Tied(r.rows); n > 0 {
		r.printf("<p>%d runs had coincidences that the Go runtime decides (column <code>ties</code>): "+
			"run again, they may differ in details.</p>\n", n)
	}
}

// picture draws a figure, and remembers which runs it leads to.
func (r *report) picture(f *figure) {
	for i := range f.shapes {
		var run int
		if _, err := fmt.Sscanf(f.shapes[i].link, "#run-%d", &run); err == nil {
			r.named = append(r.named, run)
		}
	}
	r.b.WriteString(f.SVG(true))
}

func (r *report) link(run int, text string) string {
	r.named = append(r.named, run)
	return fmt.Sprintf(`<a href="#run-%d">%s</a>`, run, esc(text))
}

// runs prints each run that something leads to: how to run it alone, its scenario, what it gave.
// The place that links lead to is inside the closed part: browsers open it then.
func (r *report) runs() {
	r.printf("<h2>Runs</h2>\n")
	slices.Sort(r.named)
	for _, run := range slices.Compact(r.named) {
		row := r.byRun[run]
		if row == nil {
			continue
		}
		r.printf("<details><summary>run %d: ", run)
		for i, a := range r.p.Axes {
			r.printf("%s=%s ", esc(a.Name), esc(row.Parts[i]))
		}
		only := fmt.Sprintf("%s --only %d", r.p.Command, run)
		r.printf("seed=%d</summary>\n<div id=\"run-%d\">\n<pre>%s\n%s --scenario | halfopen run -"+
			"</pre>\n", row.Seed, run, esc(only), esc(only))
		if s, err := r.p.Scenario(row.Point); err == nil {
			r.printf("<pre>%s</pre>\n", esc(s.String()))
		}
		r.printf("<div class=\"row\">%s</div>\n</div>\n</details>\n", esc(row.text()))
	}
}

// text lists what a row has that is not nothing.
func (r *Row) text() string {
	var out []string
	for i, c := range Columns {
		if r.Cells == nil {
			break
		}
		switch v := r.Cells[i].(type) {
		case float64:
			if v != 0 {
				out = append(out, c.Name+" "+number3(v))
			}
		case string:
			out = append(out, c.Name+" "+v)
		}
	}
	return strings.Join(out, ", ")
}

// Tied counts the rows of runs in which the Go runtime decided coincidences.
func Tied(rows []Row) int {
	n := 0
	for i := range rows {
		if x, _ := rows[i].Get("ties"); x > 0 {
			n++
		}
	}
	return n
}
