package chaos

import (
	"slices"
	"time"
)

// maxShrinkRuns bounds the runs for making a schedule smaller: by number and not by time, so that a
// report is the same on every machine.
const maxShrinkRuns = 100

// shrinker makes a failing schedule smaller. rapid's own shrinking knows only the bits that a
// schedule was drawn from; this one knows what is simpler about faults: fewer of them, starts and
// lengths that come earlier in their tables, kinds that are easier to understand.
type shrinker struct {
	h    *hunt
	best *outcome // the simplest that fails
	left int      // runs
}

// shrink replaces the last failing outcome by the simplest that is found.
func (h *hunt) shrink() {
	s := &shrinker{h: h, best: h.last, left: maxShrinkRuns}
	s.alone()
	s.plainCut()
	for again := true; again; {
		again = s.fewer()
		for i := range s.best.schedule {
			again = s.earlier(i) || again
			again = s.shorter(i) || again
			again = s.plainer(i) || again
		}
	}
	h.last = s.best
}

// try plays a candidate, and keeps it if it fails, too.
func (s *shrinker) try(c Schedule) bool {
	if s.left <= 0 {
		return false
	}
	before := s.h.runs
	o := s.h.play(c)
	s.left -= s.h.runs - before
	if o.failed {
		s.best = o
	}
	return o.failed
}

// with is the best schedule with one fault changed.
func (s *shrinker) with(i int, change func(*Fault)) Schedule {
	c := slices.Clone(s.best.schedule)
	change(&c[i])
	return c
}

// alone looks for one fault that is enough by itself.
func (s *shrinker) alone() bool {
	all := s.best.schedule
	return len(all) > 1 && slices.ContainsFunc(all, func(f Fault) bool { return s.try(Schedule{f}) })
}

// plainCut tries whether a cut from the start will do, whatever it was that failed: everybody
// understands one.
func (s *shrinker) plainCut() bool {
	for _, f := range s.best.schedule {
		for kind := Cut; kind <= CutOtherWay; kind++ {
			if s.try(Schedule{{Kind: kind, Link: f.Link, For: 2 * time.Minute}}) {
				return true
			}
		}
	}
	return false
}

// fewer leaves out every fault that is not needed.
func (s *shrinker) fewer() (any bool) {
	for i := len(s.best.schedule) - 1; i >= 0 && len(s.best.schedule) > 1; i-- {
		any = s.try(slices.Delete(slices.Clone(s.best.schedule), i, i+1)) || any
	}
	return any
}

// earlier moves a fault to the first start of the table, or at least the whole second, that will
// do.
func (s *shrinker) earlier(i int) bool {
	now := s.best.schedule[i].At
	for _, at := range append(slices.Clone(starts), now.Truncate(time.Second)) {
		if at < now && s.try(s.with(i, func(f *Fault) { f.At = at })) {
			return true
		}
	}
	return false
}

// shorter gives a fault the shortest length of the table that will do.
func (s *shrinker) shorter(i int) bool {
	for _, d := range lengths {
		if d < s.best.schedule[i].For && s.try(s.with(i, func(f *Fault) { f.For = d })) {
			return true
		}
	}
	return false
}

// plainer looks for a kind that is easier to understand, on an earlier link, if need be for longer:
// a cut of two minutes explains more than ten seconds of delay.
func (s *shrinker) plainer(i int) bool {
	now := s.best.schedule[i]
	for link := range now.Link {
		if s.try(s.with(i, func(f *Fault) { f.Link = link })) {
			return true
		}
	}
	for kind := range now.Kind {
		for _, d := range []time.Duration{now.For, 2 * time.Minute} {
			if d >= now.For && s.try(s.with(i, func(f *Fault) { f.Kind, f.For, f.Packet = kind, d, "" })) {
				return true
			}
		}
	}
	return false
}
