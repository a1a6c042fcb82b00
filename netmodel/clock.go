package netmodel

import "time"

// A kernel's timers count ticks ("jiffies"), and Linux' timer wheel makes them coarser still: the
// further away a timer is, the wider the slot it is put in, and it fires at the end of its slot.
// kernel/time/timer.c has 64 slots a level; each level is eight times as coarse as the one before.
const (
	wheelSlots = 64
	wheelShift = 3
	wheelTop   = 8
)

// jiffies is the number of the tick that now belongs to. Hosts boot at different times, so their
// ticks, and the slots of their wheels, have a phase of their own.
func (h *Host) jiffies(now Time) int64 {
	if now != h.jiffyAt { // divided once an instant
		h.jiffyAt, h.jiffy = now, (int64(now)+h.phase)/int64(h.profile.Tick)
	}
	return h.jiffy
}

// tickOf is the instant at which a tick begins.
func (h *Host) tickOf(jiffy int64) Time {
	return Time(jiffy*int64(h.profile.Tick) - h.phase)
}

// ticks converts a duration to whole ticks, rounded up as usecs_to_jiffies does.
func (h *Host) ticks(d time.Duration) int64 {
	if d <= 0 {
		return 0
	}
	return int64((d + h.profile.Tick - 1) / h.profile.Tick)
}

// roundTicks is d rounded up to whole ticks: what a timeout computed in microseconds becomes.
func (h *Host) roundTicks(d time.Duration) time.Duration {
	return time.Duration(h.ticks(d)) * h.profile.Tick
}

// roundUp is d rounded up to a multiple of unit.
func roundUp(d, unit time.Duration) time.Duration {
	if unit <= 0 {
		return d
	}
	return (d + unit - 1) / unit * unit
}

// expiry returns when a timer that is armed now for d later will fire.
func (h *Host) expiry(now Time, d time.Duration) Time {
	j := h.jiffies(now)
	at := j + h.ticks(d)
	if !h.profile.Wheel {
		return h.tickOf(at + 1)
	}
	clock := j
	if h.ticking {
		clock++ // the wheel has moved on when its handlers run (__run_timers)
	}
	return h.tickOf(h.served(wheelExpiry(clock, at)))
}

// served is the tick at which the timers of a tick are run. On a machine with several processors
// one of them counts the ticks for all; another whose own tick comes an instant before that finds
// nothing due, and runs its timers one tick later (tick_do_timer_cpu).
func (h *Host) served(jiffy int64) int64 {
	if n := h.net.late; n > 0 && mix(h.seed, uint64(jiffy))%n == 0 {
		return jiffy + 1
	}
	return jiffy
}

// wheelExpiry is calc_wheel_index: the tick at which the slot for tick at ends, seen from clock.
func wheelExpiry(clock, at int64) int64 {
	delta := at - clock
	if delta < 0 {
		return clock
	}
	shift := uint(0)
	for level := 1; level <= wheelTop && delta >= (wheelSlots-1)<<((level-1)*wheelShift); level++ {
		shift = uint(level * wheelShift)
	}
	return (at>>shift + 1) << shift
}
