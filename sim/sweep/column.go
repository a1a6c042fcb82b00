package sweep

import (
	"math"
	"strings"
	"time"

	"halfopen/sim/metrics"
)

// Column is one measure of a row. Names end in their unit.
type Column struct {
	Name string
	Doc  string // what it is, as a heading has it
	of   func(*measured) any
}

// measured is what columns are read from: a run's measures, and how many coincidences it had.
type measured struct {
	metrics.Run
	ties int
}

// Columns is the measures of a row, in order. Their names are those of the files.
var Columns = columns()

func columns() []Column {
	c := noticing()
	c = append(c, Column{"lie_s", "how long somebody believed in a dead line",
		seconds(func(m *measured) time.Duration { return m.Lie.Total })},
		Column{"down_s", "how long the subscriber could not hear",
			seconds(func(m *measured) time.Duration { return m.Downtime })},
		Column{"down_longest_s", "how long at one time",
			seconds(func(m *measured) time.Duration { return m.Longest })},
		Column{"deaf_s", "how long it was connected without a subscription",
			seconds(func(m *measured) time.Duration { return m.Deafness })},
		Column{"nat_forgotten", "how often a NAT forgot the connection for its silence",
			count(func(m *measured) int { return m.Forgotten })},
		Column{"reconnects", "connections after the first",
			count(func(m *measured) int { return m.Reconnects })},
		Column{"attempts", "attempts to connect",
			count(func(m *measured) int { return m.Attempts })})
	c = append(append(c, messages()...), radio()...)
	return append(c, Column{"ties", "coincidences that the Go runtime decided: the run may differ " +
		"in its details when it is run again", count(func(m *measured) int { return m.ties })})
}

// noticing is when each of the four found out that a line had died, and by which rule.
func noticing() []Column {
	var c []Column
	for _, side := range []struct {
		who       metrics.Side
		name, doc string
	}{
		{metrics.ClientProgram, "detect", "the client gave up a dead line"},
		{metrics.BrokerProgram, "broker_detect", "the broker gave up a dead line"},
		{metrics.ClientKernel, "client_tcp_detect", "the client's kernel gave up a dead line"},
		{metrics.BrokerKernel, "broker_tcp_detect", "the broker's kernel gave up a dead line"},
	} {
		c = append(c,
			Column{side.name + "_s", "how long after its death " + side.doc, noticed(side.who)},
			Column{side.name + ruleSuffix, "by which rule", ruleOf(side.who)})
	}
	return c
}

// messages is what became of them: sent is the sum of all the other counts.
func messages() []Column {
	c := []Column{
		{"msg_sent", "messages published, once for each receiver",
			count(func(m *measured) int { return m.Balance.Sent })},
		{"msg_delivered", "delivered once, in time",
			count(func(m *measured) int { return m.Balance.Delivered })},
		{"msg_late", "delivered once, late", count(func(m *measured) int { return m.Balance.Late })},
		{"msg_duplicated", "delivered more than once",
			count(func(m *measured) int { return m.Balance.Duplicated })},
	}
	for p := metrics.ClientQueue; p < metrics.NumPlaces; p++ {
		c = append(c, Column{"msg_lost_" + p.String(), "ended there",
			count(func(m *measured) int { return m.Balance.Lost[p] })})
	}
	c = append(c, Column{"lost_pct", "messages that never came, per cent of those asked for",
		func(m *measured) any {
			asked := m.Balance.Sent - m.Balance.Lost[metrics.NobodySubscribed]
			if asked == 0 {
				return nil
			}
			return round(100 * float64(m.Balance.LostTotal()) / float64(asked))
		}})
	return append(c, Column{"msg_delay_max_s", "the longest delay of a delivered message",
		seconds(func(m *measured) time.Duration { return m.Balance.MaxDelay })})
}

// radio is the traffic of the client's interface, scaled to a day.
func radio() []Column {
	c := []Column{{"awake_h_per_day", "how long the radio was awake, hours a day",
		func(m *measured) any {
			return round(m.Traffic.Awake.Hours() * m.Traffic.PerDay(1))
		}}}
	c = append(c, perKind("wakes", "how often the radio woke up a day; one that never slept woke once",
		func(t *metrics.Traffic) *[metrics.NumKinds]int { return &t.Wakes })...)
	c = append(c, perKind("packets", "packets a day, sent and received by the client",
		func(t *metrics.Traffic) *[metrics.NumKinds]int { return &t.Packets })...)
	return append(c, Column{"bytes_per_day", "bytes of IP a day, headers included",
		func(m *measured) any { return perDay(m, metrics.Sum(m.Traffic.Bytes)) }})
}

// perKind is a column for all kinds of traffic, and one for each.
func perKind(name, doc string, of func(*metrics.Traffic) *[metrics.NumKinds]int) []Column {
	c := []Column{{name + "_per_day", doc,
		func(m *measured) any { return perDay(m, metrics.Sum(*of(&m.Traffic))) }}}
	for k := range metrics.NumKinds {
		c = append(c, Column{name + "_" + k.String() + "_per_day", "of this kind",
			func(m *measured) any { return perDay(m, of(&m.Traffic)[k]) }})
	}
	return c
}

// perDay keeps thousandths: a run may be a nanosecond longer than it was asked to be.
func perDay(m *measured, n int) any { return math.Round(m.Traffic.PerDay(n)*1e3) / 1e3 }

func noticed(who metrics.Side) func(*measured) any {
	return func(m *measured) any {
		if n, ok := m.Noticed(who); ok {
			return round(n.After.Seconds())
		}
		return nil
	}
}

func ruleOf(who metrics.Side) func(*measured) any {
	return func(m *measured) any {
		if n, ok := m.Noticed(who); ok {
			return n.Rule.String()
		}
		return nil
	}
}

func seconds(of func(*measured) time.Duration) func(*measured) any {
	return func(m *measured) any { return round(of(m).Seconds()) }
}

func count(of func(*measured) int) func(*measured) any {
	return func(m *measured) any { return float64(of(m)) }
}

// round keeps microseconds: more digits say nothing, and files stay readable.
func round(x float64) float64 { return math.Round(x*1e6) / 1e6 }

// ruleSuffix ends the names of the columns that are words.
const ruleSuffix = "_rule"

// Number reports whether a column is one of numbers.
func (c *Column) Number() bool { return !strings.HasSuffix(c.Name, ruleSuffix) }

// FindColumn returns the column of a name, or nil.
func FindColumn(name string) *Column {
	if i := columnIndex[name]; i > 0 {
		return &Columns[i-1]
	}
	return nil
}

var columnIndex = func() map[string]int {
	m := make(map[string]int)
	for i, c := range Columns {
		m[c.Name] = i + 1
	}
	return m
}()
