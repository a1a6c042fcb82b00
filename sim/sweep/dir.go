package sweep

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// Dir is the directory of a sweep's result: plan.json, and rows.jsonl, to which each row is
// appended as it comes. When all are there the rows are put in order, and rows.csv is written.
type Dir struct {
	Path  string
	Plan  *Plan
	Shard Shard
	rows  *os.File
	done  map[int]bool
}

// ErrExists says that a directory already holds a result.
var ErrExists = errors.New("there is a result already")

// planFile is what plan.json holds.
type planFile struct {
	*Plan
	Shard string `json:"shard"`
	Hash  string `json:"hash"`
}

// Create begins a result in a directory that has none.
func Create(path string, p *Plan, s Shard) (*Dir, error) {
	if _, err := os.Stat(filepath.Join(path, "plan.json")); err == nil {
		return nil, fmt.Errorf("%s: %w", path, ErrExists)
	}
	if err := os.MkdirAll(path, 0o777); err != nil {
		return nil, err
	}
	b, err := json.MarshalIndent(planFile{p, s.String(), p.Hash()}, "", "  ")
	if err != nil {
		return nil, err
	}
	if err := WriteFile(filepath.Join(path, "plan.json"), append(b, '\n')); err != nil {
		return nil, err
	}
	return Open(path)
}

// Open opens a result to go on with it, or to read it.
func Open(path string) (*Dir, error) {
	b, err := os.ReadFile(filepath.Join(path, "plan.json"))
	if err != nil {
		return nil, fmt.Errorf("%s is no result of a sweep: %w", path, err)
	}
	f := planFile{Plan: new(Plan)}
	if err := json.Unmarshal(b, &f); err != nil {
		return nil, fmt.Errorf("%s/plan.json: %w", path, err)
	}
	if err := f.Plan.check(); err != nil {
		return nil, fmt.Errorf("%s/plan.json: %w", path, err)
	}
	if f.Plan.Hash() != f.Hash {
		return nil, fmt.Errorf("%s/plan.json was changed: it says %s, and is %s", path, f.Hash,
			f.Plan.Hash())
	}
	d := &Dir{Path: path, Plan: f.Plan, done: make(map[int]bool)}
	if d.Shard, err = ParseShard(f.Shard); err != nil {
		return nil, err
	}
	rows, err := d.Rows()
	if err != nil {
		return nil, err
	}
	for i := range rows {
		d.done[rows[i].Run] = true
	}
	return d, nil
}

func (d *Dir) file() string { return filepath.Join(d.Path, "rows.jsonl") }

// Rows reads all rows that are there, by the number of their run. A last line that was not
// finished, because the process was killed while writing it, does not count; each run counts once.
func (d *Dir) Rows() ([]Row, error) {
	f, err := os.Open(d.file())
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var rows []Row
	seen := make(map[int]bool)
	for r, n := bufio.NewReader(f), 1; ; n++ {
		line, err := r.ReadBytes('\n')
		if err == io.EOF {
			break // what there is of a line without its end was not finished
		}
		if err != nil {
			return nil, err
		}
		row, err := d.Plan.ParseRow(line)
		if err != nil {
			return nil, fmt.Errorf("%s:%d: %w", d.file(), n, err)
		}
		if !d.Shard.Has(row.Run) {
			return nil, fmt.Errorf("%s:%d: run %d is not one of shard %v", d.file(), n, row.Run, d.Shard)
		}
		if !seen[row.Run] {
			seen[row.Run] = true
			rows = append(rows, row)
		}
	}
	slices.SortFunc(rows, func(a, b Row) int { return a.Run - b.Run })
	return rows, nil
}

// Runs is how many runs the shard has.
func (d *Dir) Runs() int {
	n := d.Plan.Runs() / d.Shard.N
	if d.Shard.I < d.Plan.Runs()%d.Shard.N {
		n++
	}
	return n
}

// Missing returns the runs of the shard that have no row yet.
func (d *Dir) Missing() []int {
	var out []int
	for i := range d.Plan.Runs() {
		if d.Shard.Has(i) && !d.done[i] {
			out = append(out, i)
		}
	}
	return out
}

// Add appends a row. It is on its way to the disk when Add returns.
func (d *Dir) Add(r Row) error {
	if d.rows == nil {
		if err := d.begin(); err != nil {
			return err
		}
	}
	if d.done[r.Run] {
		return nil
	}
	if _, err := d.rows.Write(d.Plan.AppendJSON(nil, &r)); err != nil {
		return fmt.Errorf("the results so far are in %s; go on with --resume: %w", d.Path, err)
	}
	d.done[r.Run] = true
	return nil
}

// begin opens the file for appending, and cuts off a line that was not finished.
func (d *Dir) begin() error {
	f, err := os.OpenFile(d.file(), os.O_RDWR|os.O_CREATE, 0o666)
	if err != nil {
		return err
	}
	b, err := io.ReadAll(f)
	if err == nil {
		end := int64(bytes.LastIndexByte(b, '\n') + 1)
		err = f.Truncate(end)
		if err == nil {
			_, err = f.Seek(end, io.SeekStart)
		}
	}
	if err != nil {
		f.Close()
		return err
	}
	d.rows = f
	return nil
}

// Close ends the writing. If the shard is complete, the rows are put in order, and written as CSV
// too.
func (d *Dir) Close() error {
	if d.rows != nil {
		err := errors.Join(d.rows.Sync(), d.rows.Close())
		d.rows = nil
		if err != nil {
			return err
		}
	}
	if len(d.Missing()) > 0 {
		return nil
	}
	rows, err := d.Rows()
	if err != nil {
		return err
	}
	var b []byte
	csv := d.Plan.CSV(rows)
	for i := range rows {
		b = d.Plan.AppendJSON(b, &rows[i])
	}
	return errors.Join(WriteFile(d.file(), b), WriteFile(filepath.Join(d.Path, "rows.csv"), csv))
}

// CSV writes rows with their header.
func (p *Plan) CSV(rows []Row) []byte {
	var b []byte
	for i, h := range p.Header() {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendQuoted(b, h)
	}
	b = append(b, '\n')
	for i := range rows {
		b = p.AppendCSV(b, &rows[i])
	}
	return b
}

// WriteFile replaces a file as a whole: either the old or the new content is there, never half of
// it.
func WriteFile(path string, b []byte) error {
	tmp, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	_, err = tmp.Write(b)
	err = errors.Join(err, tmp.Chmod(0o644), tmp.Close())
	if err == nil {
		err = os.Rename(tmp.Name(), path)
	}
	if err != nil {
		_ = os.Remove(tmp.Name()) // of no use to anybody
	}
	return err
}
