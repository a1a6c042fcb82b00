package desk

import (
	"sort"
	"strings"

	"halfopen/netmodel"
	"halfopen/sim/explain"
	"halfopen/sim/trace"
)

// Row is a line of the table of events.
type Row struct {
	ID    trace.ID `json:"id"`
	At    float64  `json:"at"` // seconds
	Where string   `json:"where"`
	What  string   `json:"what"`
	Why   string   `json:"why"` // what the event came from, in words
}

// Query says which rows are wanted: those with Find in them, from the event after From on. Without
// All the inner life of kernels (timers set and stopped, states, arrivals) is left out.
type Query struct {
	From, Count int
	Find        string
	All         bool
}

// Page is an answer to a Query. Next is the From of the next page, 0 at the end.
type Page struct {
	Rows  []Row `json:"rows"`
	Total int   `json:"total"` // that would be listed without Find
	Next  int   `json:"next"`
}

// Rows lists events. What a question hides is not listed.
func (d *Desk) Rows(q Query) Page {
	p := Page{Rows: []Row{}}
	if d.Index == nil {
		return p
	}
	tr := d.Index.Trace()
	find := strings.ToLower(q.Find)
	for i := range tr.Events {
		ev := &tr.Events[i]
		if !q.All && !telling(ev) || d.hidden(ev.At) {
			continue
		}
		p.Total++
		if i < q.From || len(p.Rows) >= q.Count && p.Next > 0 {
			continue
		}
		if len(p.Rows) >= q.Count {
			p.Next = i
			continue
		}
		row := d.row(trace.ID(i + 1))
		if find == "" || strings.Contains(strings.ToLower(row.Where+" "+row.What), find) {
			p.Rows = append(p.Rows, row)
		}
	}
	return p
}

func (d *Desk) hidden(at netmodel.Time) bool {
	return d.View.HideAfter > 0 && at > d.View.HideAfter
}

// telling reports whether an event belongs into a story.
func telling(ev *trace.Event) bool {
	switch ev.Kind {
	case netmodel.SegmentSent, netmodel.SegmentDropped, netmodel.FaultBegan, netmodel.FaultEnded,
		netmodel.TimerFired, netmodel.SocketError, netmodel.MappingForgotten:
		return true
	}
	return ev.Kind >= trace.FirstApp && ev.Kind != trace.Setting && ev.Kind != trace.Wrote
}

func (d *Desk) row(id trace.ID) Row {
	tr := d.Index.Trace()
	ev := tr.Event(id)
	r := Row{ID: id, At: float64(ev.At) / 1e9, What: d.words.Sentence(id, d.lang())}
	if h := tr.Host(ev.Host); h != nil {
		r.Where = h.Name
	}
	if ev.Seg != nil {
		r.Where = hostNamed(tr, ev.Seg.Src.Addr) + " > " + hostNamed(tr, ev.Seg.Dst.Addr)
	}
	if ev.Cause != 0 {
		r.Why = d.words.Sentence(ev.Cause, d.lang())
	}
	return r
}

// hostNamed is the name of the host with an address, or the address of a host that changed it.
func hostNamed(tr *trace.Trace, a netmodel.Addr) string {
	for i := range tr.Hosts {
		if tr.Hosts[i].Addr == a {
			return tr.Hosts[i].Name
		}
	}
	return a.String()
}

func (d *Desk) lang() explain.Lang { return explain.ParseLang(d.View.Lang.String()) }

// RowText is an event as one line of a list.
func (d *Desk) RowText(id trace.ID) string {
	return d.Index.Trace().Event(id).At.Clock() + "  " + d.words.Sentence(id, d.lang())
}

// Why explains an event in the view's language.
func (d *Desk) Why(id trace.ID) explain.Explanation {
	if d.Index == nil || d.Index.Trace().Event(id) == nil || d.hidden(d.Index.Trace().Event(id).At) {
		return explain.Explanation{}
	}
	return d.words.Explain(id, d.lang())
}

// Sentence is what happened, without why.
func (d *Desk) Sentence(id trace.ID) string { return d.words.Sentence(id, d.lang()) }

// Describe says in one sentence where the playhead stands: the instant, and the last thing that
// happened. It is what a screen reader hears instead of the picture.
func (d *Desk) Describe() string {
	if d.Index == nil {
		return ""
	}
	text := d.Player.At.Clock()
	if id := d.latest(); id != 0 {
		text += ": " + d.words.Sentence(id, d.lang())
	}
	return text
}

// latest is the last telling event that is not after the playhead. Events of one instant are in the
// order of recording, and those of applications may be recorded a little late, so a few are looked
// at around the place.
func (d *Desk) latest() trace.ID {
	evs := d.Index.Trace().Events
	n := sort.Search(len(evs), func(i int) bool { return evs[i].At > d.Player.At })
	for i := n - 1; i >= 0; i-- {
		if telling(&evs[i]) && evs[i].At <= d.Player.At {
			return trace.ID(i + 1)
		}
	}
	return 0
}
