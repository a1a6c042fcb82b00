package desk

import (
	"strconv"
	"strings"

	"halfopen/netmodel"
	"halfopen/render/words"
)

// Link is the link that faults are done to, and Ends are the names of its hosts.
func (d *Desk) Link() netmodel.LinkID { return d.link }

// UseLink chooses another link.
func (d *Desk) UseLink(id netmodel.LinkID) {
	if d.Index != nil && id > 0 && int(id) <= len(d.Index.Trace().Links) {
		d.link = id
	}
}

// Ends are the names of the chosen link's hosts, as a scenario calls them.
func (d *Desk) Ends() (a, b string, ok bool) {
	if d.Index == nil || d.link == 0 {
		return "", "", false
	}
	tr := d.Index.Trace()
	l := tr.Links[d.link-1]
	return tr.Host(l.A).Name, tr.Host(l.B).Name, true
}

// IsCut reports whether the chosen link is down at the playhead.
func (d *Desk) IsCut() bool {
	if d.Index == nil {
		return false
	}
	for _, f := range d.Index.Trace().Faults {
		if f.Link == d.link && strings.HasPrefix(f.Text, "cut") &&
			f.Begin <= d.Player.At && d.Player.At < f.End {
			return true
		}
	}
	return false
}

// CutOrHeal cuts the chosen link at the playhead, or heals it where it is cut.
func (d *Desk) CutOrHeal() { d.Tool("cut") }

// Edits are the changes by hand, in words, the oldest first.
func (d *Desk) Edits() []string {
	out := []string{}
	for _, e := range d.History.Edits() {
		text := words.Get(d.View.Lang, e.Key)
		for i, a := range e.Args {
			text = strings.ReplaceAll(text, "{"+strconv.Itoa(i)+"}", a)
		}
		if e.At > 0 {
			text = e.At.Clock() + "  " + text
		}
		out = append(out, text)
	}
	return out
}
