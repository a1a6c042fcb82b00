package sweep

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"halfopen/sim/metrics"
	"halfopen/sim/scenario"
	"halfopen/sim/trace"
)

// Row is what one run gave.
type Row struct {
	Point
	Plan  string // the plan's hash
	Cells []any  // by Columns: float64, string, or nil for "did not happen"
	// Outside says how the run broke an analytic bound: an error of the model or of a library.
	Outside string
	// Error says that the run itself failed; its cells are then empty.
	Error string
}

// Column is one measure of a row. Names end in their unit.
type Column struct {
	Name string
	Doc  string
	of   func(*metrics.Run) any
}

// Columns is the measures of a row, in order. Their names are those of the files.
var Columns = columns()

func columns() []Column {
	c := []Column{
		{"detect_s", "from the line's death to the client's giving up", noticed(metrics.ClientProgram)},
		{"detect_rule", "by which rule", ruleOf(metrics.ClientProgram)},
		{"broker_detect_s", "the same for the broker", noticed(metrics.BrokerProgram)},
		{"broker_rule", "by which rule", ruleOf(metrics.BrokerProgram)},
		{"client_tcp_detect_s", "the same for the client's kernel", noticed(metrics.ClientKernel)},
		{"client_tcp_rule", "by which rule", ruleOf(metrics.ClientKernel)},
		{"broker_tcp_detect_s", "the same for the broker's kernel", noticed(metrics.BrokerKernel)},
		{"broker_tcp_rule", "by which rule", ruleOf(metrics.BrokerKernel)},
		{"lie_s", "somebody believed in a dead line", seconds(func(r *metrics.Run) time.Duration {
			return r.Lie.Total
		})},
		{"down_s", "the subscriber could not hear", seconds(func(r *metrics.Run) time.Duration {
			return r.Downtime
		})},
		{"down_longest_s", "... at one time", seconds(func(r *metrics.Run) time.Duration {
			return r.Longest
		})},
		{"deaf_s", "connected, without a subscription", seconds(func(r *metrics.Run) time.Duration {
			return r.Deafness
		})},
		{"reconnects", "connections after the first", count(func(r *metrics.Run) int {
			return r.Reconnects
		})},
		{"attempts", "attempts to connect", count(func(r *metrics.Run) int { return r.Attempts })},
		{"msg_sent", "published, once for each receiver", count(func(r *metrics.Run) int {
			return r.Balance.Sent
		})},
		{"msg_delivered", "once, in time", count(func(r *metrics.Run) int {
			return r.Balance.Delivered
		})},
		{"msg_late", "once, late", count(func(r *metrics.Run) int { return r.Balance.Late })},
		{"msg_duplicated", "more than once", count(func(r *metrics.Run) int {
			return r.Balance.Duplicated
		})},
	}
	for p := metrics.ClientQueue; p < metrics.NumPlaces; p++ {
		c = append(c, Column{"msg_lost_" + p.String(), "lost there", count(func(r *metrics.Run) int {
			return r.Balance.Lost[p]
		})})
	}
	delay := func(r *metrics.Run) time.Duration { return r.Balance.MaxDelay }
	wakes := func(t *metrics.Traffic) int { return metrics.Sum(t.Wakes) }
	c = append(c, Column{"msg_delay_max_s", "of the delivered", seconds(delay)},
		Column{"wakes_per_day", "radio wake-ups", perDay(wakes)})
	for k := range metrics.NumKinds {
		c = append(c, Column{"wakes_" + k.String() + "_per_day", "... of this kind",
			perDay(func(t *metrics.Traffic) int { return t.Wakes[k] })})
	}
	c = append(c, Column{"packets_per_day", "sent and received by the client",
		perDay(func(t *metrics.Traffic) int { return metrics.Sum(t.Packets) })})
	for k := range metrics.NumKinds {
		c = append(c, Column{"packets_" + k.String() + "_per_day", "... of this kind",
			perDay(func(t *metrics.Traffic) int { return t.Packets[k] })})
	}
	return append(c, Column{"bytes_per_day", "of IP, headers included",
		perDay(func(t *metrics.Traffic) int { return metrics.Sum(t.Bytes) })})
}

func noticed(who metrics.Side) func(*metrics.Run) any {
	return func(r *metrics.Run) any {
		if n, ok := r.Noticed(who); ok {
			return round(n.After.Seconds())
		}
		return nil
	}
}

func ruleOf(who metrics.Side) func(*metrics.Run) any {
	return func(r *metrics.Run) any {
		if n, ok := r.Noticed(who); ok {
			return n.Rule.String()
		}
		return nil
	}
}

func seconds(of func(*metrics.Run) time.Duration) func(*metrics.Run) any {
	return func(r *metrics.Run) any { return round(of(r).Seconds()) }
}

func count(of func(*metrics.Run) int) func(*metrics.Run) any {
	return func(r *metrics.Run) any { return float64(of(r)) }
}

func perDay(of func(*metrics.Traffic) int) func(*metrics.Run) any {
	return func(r *metrics.Run) any { return round(r.Traffic.PerDay(of(&r.Traffic))) }
}

// round keeps microseconds: more digits say nothing, and files stay readable.
func round(x float64) float64 { return math.Round(x*1e6) / 1e6 }

// Measure makes the row of a run that was run.
func (p *Plan) Measure(pt Point, s *scenario.Scenario, tr *trace.Trace) Row {
	run := metrics.Of(tr, p.Client, metrics.Options{})
	r := Row{Point: pt, Plan: p.Hash(), Cells: make([]any, len(Columns)),
		Outside: outside(tr, &run, BoundsOf(s, run.Client))}
	for i := range Columns {
		r.Cells[i] = Columns[i].of(&run)
	}
	return r
}

// Get returns a cell as a number; false if it did not happen or is no number.
func (r *Row) Get(column string) (float64, bool) {
	i := columnIndex[column]
	if i == 0 || r.Cells == nil {
		return 0, false
	}
	x, ok := r.Cells[i-1].(float64)
	return x, ok
}

var columnIndex = func() map[string]int {
	m := make(map[string]int)
	for i, c := range Columns {
		m[c.Name] = i + 1
	}
	return m
}()

// Header is the names of a row's fields, in order, for a plan: what the run is, then its measures.
func (p *Plan) Header() []string {
	h := []string{"schema", "plan", "run"}
	for _, a := range p.Axes {
		h = append(h, a.Name)
		if a.mixed() {
			h = append(h, a.Name+"_part")
		}
	}
	h = append(h, "seed", "weight")
	for _, c := range Columns {
		h = append(h, c.Name)
	}
	return append(h, "outside", "error")
}

func (a *Axis) mixed() bool {
	for i := range a.Values {
		if len(a.Values[i].Parts) > 0 {
			return true
		}
	}
	return false
}

// fields is a row's values, in the order of Header.
func (p *Plan) fields(r *Row) []any {
	f := []any{Schema, r.Plan, float64(r.Run)}
	for i, a := range p.Axes {
		f = append(f, r.Values[i])
		if a.mixed() {
			f = append(f, r.Parts[i])
		}
	}
	f = append(f, strconv.FormatUint(r.Seed, 10), r.Weight)
	for i := range Columns {
		if r.Cells == nil {
			f = append(f, nil)
			continue
		}
		f = append(f, r.Cells[i])
	}
	return append(f, r.Outside, r.Error)
}

// AppendJSON writes a row as one line of JSON.
func (p *Plan) AppendJSON(dst []byte, r *Row) []byte {
	b := bytes.NewBuffer(dst)
	b.WriteByte('{')
	header := p.Header()
	for i, v := range p.fields(r) {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(b, "%q:", header[i])
		switch v := v.(type) {
		case nil:
			b.WriteString("null")
		case float64:
			b.WriteString(strconv.FormatFloat(v, 'f', -1, 64))
		case string:
			j, _ := json.Marshal(v) // a string always can
			b.Write(j)
		}
	}
	b.WriteString("}\n")
	return b.Bytes()
}

// AppendCSV writes a row as one line of CSV (RFC 4180); what did not happen is empty.
func (p *Plan) AppendCSV(dst []byte, r *Row) []byte {
	for i, v := range p.fields(r) {
		if i > 0 {
			dst = append(dst, ',')
		}
		switch v := v.(type) {
		case float64:
			dst = strconv.AppendFloat(dst, v, 'f', -1, 64)
		case string:
			dst = appendQuoted(dst, v)
		}
	}
	return append(dst, '\n')
}

func appendQuoted(dst []byte, s string) []byte {
	if !strings.ContainsAny(s, ",\"\n\r") {
		return append(dst, s...)
	}
	return append(append(append(dst, '"'), strings.ReplaceAll(s, `"`, `""`)...), '"')
}

// ParseRow reads a line that AppendJSON wrote for this plan.
func (p *Plan) ParseRow(line []byte) (Row, error) {
	var m map[string]any
	if err := json.Unmarshal(line, &m); err != nil {
		return Row{}, err
	}
	if m["schema"] != Schema {
		return Row{}, fmt.Errorf("schema %v, want %s", m["schema"], Schema)
	}
	if m["plan"] != p.Hash() {
		return Row{}, fmt.Errorf("a row of another plan (%v, not %s)", m["plan"], p.Hash())
	}
	run, ok := m["run"].(float64)
	if !ok || run < 0 || int(run) >= p.Runs() {
		return Row{}, fmt.Errorf("run %v is not one of the plan's %d", m["run"], p.Runs())
	}
	r := Row{Point: p.Point(int(run)), Plan: p.Hash()}
	r.Outside, _ = m["outside"].(string)
	if r.Error, _ = m["error"].(string); r.Error != "" {
		return r, nil
	}
	r.Cells = make([]any, len(Columns))
	for i, c := range Columns {
		r.Cells[i] = m[c.Name]
	}
	return r, nil
}
