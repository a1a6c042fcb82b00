package desk

import (
	"time"

	"halfopen/netmodel"
)

// Hide keeps what comes after an instant out of every view, and the playhead before it: what a
// question asks for must not be seen. 0 hides nothing.
func (d *Desk) Hide(after netmodel.Time) {
	d.watch = 0
	d.View.HideAfter, d.Player.Stop = after, after
	d.Seek(d.Player.At)
}

// Watch plays on to an instant and shows nothing of what lies before the playhead on the way: the
// learner who has guessed sees the answer come. It ends with Hide.
func (d *Desk) Watch(until netmodel.Time) {
	if d.Index == nil || until <= 0 {
		return
	}
	d.watch, d.Player.Stop = until, until
	d.Player.Playing = d.Player.At < min(until, d.Index.Length())
	d.veil()
}

// veil hides the future from somebody who watches. The playhead may stand at 0, where 0 would hide
// nothing.
func (d *Desk) veil() {
	if d.watch > 0 {
		d.View.HideAfter = max(d.Player.At, 1)
	}
}

// Before is the instant from which playing at the speed Auto takes a time of the watcher's to reach
// another one.
func (d *Desk) Before(at netmodel.Time, real time.Duration) netmodel.Time {
	if d.Index == nil {
		return at
	}
	return d.Index.Before(at, real)
}
