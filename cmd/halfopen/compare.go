package main

import (
	"fmt"
	"time"

	"halfopen/netmodel"
	"halfopen/sim/metrics"
	"halfopen/sim/scenario"
	"halfopen/sim/trace"
)

// This file is what diff compares about two runs.

// measure is a line of the comparison.
type measure struct {
	name string
	of   func(*trace.Trace, *metrics.Run) string
	by   func(a, b *metrics.Run) string // what the difference is, or nil
}

var measures = []measure{
	{"notices first at", noticedAt, noticedLater},
	{"connections", connections, nil},
	{"attempts", count(func(r *metrics.Run) int { return r.Attempts }), nil},
	{"cannot hear for", span(func(r *metrics.Run) time.Duration { return r.Downtime }), nil},
	{"the lie lasts", span(func(r *metrics.Run) time.Duration { return r.Lie.Total }), nil},
	{"messages sent", count(func(r *metrics.Run) int { return r.Balance.Sent }), nil},
	{"  delivered in time", count(func(r *metrics.Run) int { return r.Balance.Delivered }), nil},
	{"  late", count(func(r *metrics.Run) int { return r.Balance.Late }), nil},
	{"  lost", count(func(r *metrics.Run) int { return r.Balance.LostTotal() }), nil},
	{"packets at its interface", count(func(r *metrics.Run) int {
		return metrics.Sum(r.Traffic.Packets)
	}), nil},
	{"  of these pings", kind(metrics.Ping), nil},
	{"  of these TCP keepalive", kind(metrics.TCPKeepalive), nil},
	{"  of these sent again", kind(metrics.Again), nil},
}

func count(f func(*metrics.Run) int) func(*trace.Trace, *metrics.Run) string {
	return func(_ *trace.Trace, r *metrics.Run) string { return fmt.Sprint(f(r)) }
}

func kind(k metrics.TrafficKind) func(*trace.Trace, *metrics.Run) string {
	return count(func(r *metrics.Run) int { return r.Traffic.Packets[k] })
}

func span(f func(*metrics.Run) time.Duration) func(*trace.Trace, *metrics.Run) string {
	return func(_ *trace.Trace, r *metrics.Run) string { return fmt.Sprintf("%.3f s", f(r).Seconds()) }
}

// connections counts how often the client was connected.
func connections(tr *trace.Trace, r *metrics.Run) string {
	n := 0
	for i := range tr.Events {
		if ev := &tr.Events[i]; ev.Kind == trace.ClientConnected && ev.App.Actor == r.Client {
			n++
		}
	}
	return fmt.Sprint(n)
}

// noticed is when a client's program first found that its line was over; -1: never.
func noticed(r *metrics.Run) netmodel.Time {
	for _, n := range r.Notices {
		if n.Who == metrics.ClientProgram {
			return n.At
		}
	}
	return -1
}

func noticedAt(_ *trace.Trace, r *metrics.Run) string {
	if at := noticed(r); at >= 0 {
		return at.Clock()
	}
	return "never"
}

func noticedLater(a, b *metrics.Run) string {
	x, y := noticed(a), noticed(b)
	switch d := y.Sub(x); {
	case x < 0 || y < 0:
		return ""
	case d < 0:
		return scenario.FormatDuration(-d.Round(time.Millisecond)) + " earlier"
	default:
		return scenario.FormatDuration(d.Round(time.Millisecond)) + " later"
	}
}
