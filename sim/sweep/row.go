package sweep

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

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

// Measure makes the row of a run that was run.
func (p *Plan) Measure(pt Point, s *scenario.Scenario, tr *trace.Trace) Row {
	m := measured{metrics.Of(tr, p.Client, metrics.Options{Tail: p.Tail, LateAfter: p.Late}), tr.Ties}
	r := Row{Point: pt, Plan: p.Hash(), Cells: make([]any, len(Columns)),
		Outside: outside(tr, &m.Run, BoundsOf(s, m.Client))}
	for i := range Columns {
		r.Cells[i] = Columns[i].of(&m)
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

// ownFields are the fields of a row that no setting may take the name of.
var ownFields = []string{"schema", "plan", "run", "seed", "weight", "outside", "error"}

// Header is the names of a row's fields, in order, for a plan: what the run is, then its measures.
func (p *Plan) Header() []string {
	h := []string{"schema", "plan", "run"}
	for _, a := range p.Axes {
		name := a.Name
		if slices.Contains(ownFields, name) || FindColumn(name) != nil {
			name += "_setting"
		}
		h = append(h, name)
		if a.mixed() {
			h = append(h, name+"_part")
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
