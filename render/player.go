package render

import (
	"time"

	"halfopen/netmodel"
)

// Speed is how fast a run is played.
type Speed uint8

// The speeds. Auto is slow where something happens and fast through silence, so that every run
// lasts between 20 and 90 seconds.
const (
	Auto Speed = iota
	OneSecond
	TenSeconds
	OneMinute
	TenMinutes
	NumSpeeds
)

var rates = [NumSpeeds]time.Duration{OneSecond: time.Second, TenSeconds: 10 * time.Second,
	OneMinute: time.Minute, TenMinutes: 10 * time.Minute}

// Key is the catalogue key of the speed's name.
func (s Speed) Key() string {
	return [...]string{"speed.auto", "speed.1s", "speed.10s", "speed.1min", "speed.10min"}[s]
}

// Player is the playhead: a value, changed only by pure functions.
type Player struct {
	At      netmodel.Time
	Speed   Speed
	Playing bool
	// Stop, if not 0, is where the run may not be seen any further: a question is open.
	Stop netmodel.Time
}

// Advance is the player after real time of the watcher has passed. At the end it stops playing.
func (p Player) Advance(ix *Index, real time.Duration) Player {
	if !p.Playing || real <= 0 {
		return p
	}
	at := p.At
	if p.Speed == Auto {
		at = ix.pace.virtual(ix.pace.real(p.At) + real)
	} else {
		at = at.Add(time.Duration(real.Seconds() * float64(rates[p.Speed])))
	}
	return p.seek(ix, at, p.Playing)
}

// Seek puts the playhead to an instant, and stops playing.
func (p Player) Seek(ix *Index, at netmodel.Time) Player { return p.seek(ix, at, false) }

func (p Player) seek(ix *Index, at netmodel.Time, playing bool) Player {
	p.Playing = playing
	p.At = max(at, 0)
	if end := p.end(ix); p.At >= end {
		p.At, p.Playing = end, false
	}
	return p
}

func (p Player) end(ix *Index) netmodel.Time {
	if p.Stop > 0 {
		return min(p.Stop, ix.Length())
	}
	return ix.Length()
}

// Toggle plays or pauses; at the end it plays from the start.
func (p Player) Toggle(ix *Index) Player {
	p.Playing = !p.Playing
	if p.Playing && p.At >= p.end(ix) && p.Stop == 0 {
		p.At = 0
	}
	return p
}

// NextEvent and PreviousEvent step to the instant of another event: a segment leaves, arrives or
// dies, a program does something.
func (p Player) NextEvent(ix *Index) Player { return p.Seek(ix, after(ix.steps, p.At, p.end(ix))) }

// PreviousEvent is the way back of NextEvent.
func (p Player) PreviousEvent(ix *Index) Player { return p.Seek(ix, before(ix.steps, p.At)) }

// NextDecision and PreviousDecision step to another decision: a timer fired, somebody's belief
// changed, a fault began or ended.
func (p Player) NextDecision(ix *Index) Player {
	return p.Seek(ix, after(ix.decisions, p.At, p.end(ix)))
}

// PreviousDecision is the way back of NextDecision.
func (p Player) PreviousDecision(ix *Index) Player { return p.Seek(ix, before(ix.decisions, p.At)) }

// Rate is how much virtual time passes per second of the watcher's at the playhead: View.Rate.
func (p Player) Rate(ix *Index) time.Duration {
	if p.Speed == Auto {
		return ix.pace.rate(p.At)
	}
	return rates[p.Speed]
}
