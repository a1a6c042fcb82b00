package netmodel

import (
	"math/rand/v2"
	"slices"
	"testing"
)

type firings struct{ order []int }

type numbered struct {
	f  *firings
	id int
}

func (n *numbered) fire(Time, *timer) { n.f.order = append(n.f.order, n.id) }

// The agenda is compared with the plainest one possible, a sorted list, over random arming, arming
// anew, disarming and firing. Ties are frequent: due times are from 0 to 15.
func TestQueueFiresInOrder(t *testing.T) {
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 1))
		var q queue
		var got firings
		type plain struct {
			due Time
			seq uint64
			id  int
		}
		var model []plain
		var want []int
		timers := make([]timer, 20)
		for i := range timers {
			timers[i].owner = &numbered{&got, i}
		}
		now := Time(0)
		for range 400 {
			i := r.IntN(len(timers))
			has := slices.IndexFunc(model, func(p plain) bool { return p.id == i })
			switch r.IntN(4) {
			case 0, 1:
				if has >= 0 {
					model = slices.Delete(model, has, has+1)
				}
				due, seq := now+Time(r.IntN(16)), q.nextSeq()
				q.arm(&timers[i], due, seq)
				model = append(model, plain{due, seq, i})
			case 2:
				if has >= 0 {
					model = slices.Delete(model, has, has+1)
				}
				q.disarm(&timers[i])
			case 3:
				if len(model) == 0 {
					if q.next() != Never {
						t.Fatalf("seed %d: next is %d with nothing armed", seed, q.next())
					}
					continue
				}
				slices.SortFunc(model, func(a, b plain) int {
					if a.due != b.due {
						return int(a.due - b.due)
					}
					return int(a.seq) - int(b.seq)
				})
				if q.next() != model[0].due {
					t.Fatalf("seed %d: next is %d, want %d", seed, q.next(), model[0].due)
				}
				now = model[0].due
				tm := q.pop()
				tm.owner.fire(now, tm)
				want = append(want, model[0].id)
				model = model[1:]
				if !slices.Equal(got.order, want) {
					t.Fatalf("seed %d: timers fired as %v, want %v", seed, got.order, want)
				}
			}
			if timers[i].armed() != slices.ContainsFunc(model, func(p plain) bool { return p.id == i }) {
				t.Fatalf("seed %d: timer %d says armed=%v", seed, i, timers[i].armed())
			}
		}
	}
}

// A timer that is armed for later again and again, as the retransmission timer is by each
// acknowledgement, stays a single entry of the heap.
func TestArmingAnewDoesNotGrowTheQueue(t *testing.T) {
	var q queue
	var got firings
	tm := timer{owner: &numbered{&got, 1}}
	for i := range 1000 {
		q.arm(&tm, Time(1000+i), q.nextSeq())
		q.disarm(&tm)
	}
	if len(q.entries) != 1 {
		t.Errorf("heap has %d entries for one timer", len(q.entries))
	}
	if q.next() != Never {
		t.Errorf("next is %d after the only timer was disarmed", q.next())
	}
	if len(q.entries) != 0 {
		t.Errorf("a disarmed timer stays in the heap after it reached the top")
	}
}

// The flight that is being delivered keeps its place while its delivery sends more on the same
// queue, which is what a connection inside one host does.
func TestFlightSurvivesPushesDuringItsDelivery(t *testing.T) {
	var f fifo
	for i := range 3 {
		f.push().seg.Seq = uint32(i)
	}
	for i := uint32(0); i < 100; i++ {
		p := f.pop()
		for range 3 {
			f.push().seg.Seq = 1 << 30
		}
		if i < 3 && p.seg.Seq != i {
			t.Fatalf("flight %d became %d while it was delivered", i, p.seg.Seq)
		}
	}
	if f.n != 203 {
		t.Errorf("queue holds %d flights, want 203", f.n)
	}
}
