package render

import (
	"strings"
	"testing"
	"time"

	"halfopen/netmodel"
	"halfopen/sim/belief"
)

// checkLie compares the printed lie with the beliefs, instant by instant: in each slice of the run,
// is any of the four believers drawn as wrong?
func checkLie(t *testing.T, ix *Index, client string) {
	t.Helper()
	b := ix.believer(client)
	const grain = netmodel.Time(5 * time.Millisecond)
	var sum time.Duration
	for at := grain / 2; at < ix.Length(); at += grain {
		for lane := range belief.NumLanes {
			if wrong(b.lie.Lanes[lane], at) {
				sum += time.Duration(grain)
				break
			}
		}
	}
	tolerance := time.Duration(len(b.lie.Spans)+1) * time.Duration(grain)
	if d := sum - b.lie.Total; d > tolerance || d < -tolerance {
		t.Errorf("%s: summed instant by instant the lie is %s, in the picture %s", client, sum,
			b.lie.Total)
	}
	if got := b.lieUntil(ix.Length()); got != b.lie.Total {
		t.Errorf("%s: the picture counts %s, the lanes say %s", client, got, b.lie.Total)
	}
	var l List
	v := screen()
	v.Client = client
	ix.At(ix.Length(), &v, &l)
	f := frame{v: &v}
	want := string(f.appendLength([]byte("the lie: "), netmodel.Time(b.lie.Total)))
	if b.lie.Total > 0 && !strings.Contains(l.String(), want) {
		t.Errorf("%s: the picture does not say %q", client, want)
	}
}

// The path is cut at 67 s. The client believes until 135.05 s, the broker until 156.11 s.
func TestTheLie(t *testing.T) {
	ix := NewIndex(theTunnel())
	checkLie(t, ix, "client")
	if got, want := ix.believer("").lie.Total, 89110*time.Millisecond; got != want {
		t.Errorf("the lie is %s, want %s", got, want)
	}
}

func TestLengthsReadAsPeopleWriteThem(t *testing.T) {
	f := frame{v: &View{}}
	for d, want := range map[time.Duration]string{
		74_700 * time.Millisecond: "74.7 s", 0: "0.0 s", 599_949 * time.Millisecond: "599.9 s",
		725 * time.Second: "12:05 min", 12_000 * time.Second: "3:20 h",
	} {
		if got := string(f.appendLength(nil, netmodel.Time(d))); got != want {
			t.Errorf("%s reads %q, want %q", d, got, want)
		}
	}
}
