package sweep

import (
	"bytes"
	"fmt"
	"slices"
)

// Merge puts the results of shards together in a new directory. The order of the shards does not
// matter: a run that is missing in all of them, or that two of them tell differently, is an error.
// Nothing is written unless all is well.
func Merge(path string, from ...string) (*Dir, error) {
	if len(from) == 0 {
		return nil, fmt.Errorf("nothing to merge")
	}
	var plan *Plan
	rows := make(map[int]Row)
	for _, f := range from {
		d, err := Open(f)
		if err != nil {
			return nil, err
		}
		if plan == nil {
			plan = d.Plan
		}
		if d.Plan.Hash() != plan.Hash() {
			return nil, fmt.Errorf("%s is a part of another sweep (plan %s, not %s)", f, d.Plan.Hash(),
				plan.Hash())
		}
		list, err := d.Rows()
		if err != nil {
			return nil, err
		}
		for _, r := range list {
			if rows[r.Run], err = plan.same(rows[r.Run], r); err != nil {
				return nil, fmt.Errorf("%s: %w", f, err)
			}
		}
	}
	if len(rows) < plan.Runs() {
		first := 0
		for rows[first].Plan != "" {
			first++
		}
		return nil, fmt.Errorf("%d of %d runs are in none of the parts, the first is run %d",
			plan.Runs()-len(rows), plan.Runs(), first)
	}
	return plan.write(path, rows)
}

// same joins what two parts say about one run; was is empty if it is new. A row is better than the
// word that the run failed, on another machine perhaps.
func (p *Plan) same(was, r Row) (Row, error) {
	switch {
	case was.Plan == "" || was.Error != "" && r.Error == "":
		return r, nil
	case was.Error == "" && r.Error != "":
		return was, nil
	case !bytes.Equal(p.AppendJSON(nil, &was), p.AppendJSON(nil, &r)):
		return was, fmt.Errorf("run %d has another result in another part", r.Run)
	}
	return was, nil
}

// write makes a complete result of rows.
func (p *Plan) write(path string, rows map[int]Row) (*Dir, error) {
	out, err := Create(path, p, Whole)
	if err != nil {
		return nil, err
	}
	var order []int
	for run := range rows {
		order = append(order, run)
	}
	slices.Sort(order)
	for _, run := range order {
		if err := out.Add(rows[run]); err != nil {
			return nil, err
		}
	}
	return out, out.Close()
}
