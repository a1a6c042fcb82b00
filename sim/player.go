package sim

import (
	_ "embed" // for the page
	"encoding/json"
	"io"
	"strconv"
	"strings"

	"halfopen/netmodel"
	"halfopen/sim/belief"
	"halfopen/sim/explain"
	"halfopen/sim/trace"
)

// The player is a page that a failed test leaves behind: the ladder, the explanation of each step,
// what each side believed, and a slider. It is one file that asks for nothing else, not even a
// server; its picture is drawn by its own few lines of script, because package render knows more of
// the product than a test should compile.

//go:embed player.html
var playerPage string

// playerRun is the run as the page's script reads it.
type playerRun struct {
	Test    string              `json:"test"`
	Seed    string              `json:"seed"`  // a text: numbers of scripts end at 2^53
	Focus   trace.ID            `json:"focus"` // where to begin
	Hosts   []string            `json:"hosts"`
	Rows    []playerRow         `json:"rows"`
	Say     map[trace.ID]string `json:"say"` // what happened, of rows and of their causes
	At      map[trace.ID]second `json:"at"`
	Lanes   []string            `json:"lanes"`
	Clients []playerClient      `json:"clients"`
}

type second float64

type playerRow struct {
	Step    trace.ID        `json:"step"`
	T       second          `json:"t"`
	From    netmodel.HostID `json:"from,omitempty"` // where it happened
	To      netmodel.HostID `json:"to,omitempty"`   // of a segment: where it went
	Lost    bool            `json:"lost,omitempty"`
	Text    string          `json:"text"`
	Source  string          `json:"source,omitempty"` // of the rule that it follows
	Because []trace.ID      `json:"because,omitempty"`
}

type playerClient struct {
	Name  string         `json:"name"`
	Lanes [][]playerSpan `json:"lanes"`
}

type playerSpan struct {
	T     second `json:"t"`
	State string `json:"state"`
}

// writePlayer writes the page for a run. It opens at the step focus.
func writePlayer(w io.Writer, test string, tr *trace.Trace, focus trace.ID) error {
	run := playerRun{Test: test, Seed: strconv.FormatUint(tr.Seed, 10), Focus: focus,
		Hosts: []string{}, Clients: []playerClient{},
		Say: make(map[trace.ID]string), At: make(map[trace.ID]second)}
	for i := range tr.Hosts {
		run.Hosts = append(run.Hosts, tr.Hosts[i].Name)
	}
	r, x := newRows(tr), explain.New(tr)
	for i := range tr.Events {
		id := trace.ID(i + 1)
		if r.weight(id) > weightNone && len(run.Rows) < svgRows {
			run.Rows = append(run.Rows, run.row(r, x, id))
		}
	}
	for lane := belief.ClientApp; lane < belief.NumLanes; lane++ {
		run.Lanes = append(run.Lanes, lane.String())
	}
	for _, name := range belief.Clients(tr) {
		run.Clients = append(run.Clients, beliefsOf(tr, name))
	}
	data, err := json.Marshal(&run) // it writes < > & as \u003c and the like: no text ends the script
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, strings.Replace(playerPage, "RUN", string(data), 1))
	return err
}

// maxChain is how many causes the page shows of a step: its nearest, and the last of all.
const maxChain = 12

func (p *playerRun) row(r *rows, x *explain.Explainer, id trace.ID) playerRow {
	ev := r.tr.Event(id)
	_, text := r.text(id)
	row := playerRow{Step: id, T: seconds(ev.At), From: ev.Host, Text: text}
	if ev.Kind == netmodel.SegmentSent && ev.Host > 0 {
		row.To, row.Lost = ev.Peer, r.lost(id)
	}
	e := x.Explain(id, explain.EN)
	row.Source = e.Source.Name
	row.Because = append(e.Chain, e.Beside...)
	if n := len(row.Because); n > maxChain {
		row.Because = append(row.Because[:maxChain-1:maxChain-1], row.Because[n-1])
	}
	for _, c := range append([]trace.ID{id}, row.Because...) {
		if _, known := p.Say[c]; !known && r.tr.Event(c) != nil {
			p.Say[c], p.At[c] = x.Sentence(c, explain.EN), seconds(r.tr.Event(c).At)
		}
	}
	return row
}

// beliefsOf is what the five parts of a client's connection believed, and from when on.
func beliefsOf(tr *trace.Trace, client string) playerClient {
	l := belief.Of(tr, client)
	c := playerClient{Name: client}
	for lane := belief.ClientApp; lane < belief.NumLanes; lane++ {
		spans := []playerSpan{}
		for _, sp := range l.Lane[lane] {
			spans = append(spans, playerSpan{seconds(sp.Begin), sp.State.String()})
		}
		c.Lanes = append(c.Lanes, spans)
	}
	return c
}

func seconds(t netmodel.Time) second { return second(t.Seconds()) }
