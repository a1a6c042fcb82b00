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

// plainAgenda is the plainest agenda possible, a list, to compare the real one with.
type plainAgenda []plainEntry

type plainEntry struct {
	due Time
	seq uint64
	id  int
}

func (a *plainAgenda) remove(id int) {
	*a = slices.DeleteFunc(*a, func(e plainEntry) bool { return e.id == id })
}

func (a plainAgenda) has(id int) bool {
	for _, e := range a {
		if e.id == id {
			return true
		}
	}
	return false
}

func (a plainAgenda) first() int {
	least := 0
	for i, e := range a {
		if l := a[least]; e.due < l.due || e.due == l.due && e.seq < l.seq {
			least = i
		}
	}
	return least
}

// Random arming, arming anew, disarming and firing. Ties are frequent: due times are 0 to 15 from
// now.
func TestQueueFiresInOrder(t *testing.T) {
	for seed := range uint64(200) {
		compareQueues(t, rand.New(rand.NewPCG(seed, 1)))
	}
}

func compareQueues(t *testing.T, r *rand.Rand) {
	var q queue
	var got firings
	var model plainAgenda
	var want []int
	timers := make([]timer, 20)
	for i := range timers {
		timers[i].owner = &numbered{&got, i}
	}
	now := Time(0)
	for range 400 {
		i := r.IntN(len(timers))
		switch r.IntN(4) {
		case 0, 1:
			model.remove(i)
			due, seq := now+Time(r.IntN(16)), q.nextSeq()
			q.arm(&timers[i], due, seq)
			model = append(model, plainEntry{due, seq, i})
		case 2:
			model.remove(i)
			q.disarm(&timers[i])
		case 3:
			if len(model) == 0 {
				if q.next() != Never {
					t.Fatalf("next is %d with nothing armed", q.next())
				}
				continue
			}
			first := model[model.first()]
			if now = q.next(); now != first.due {
				t.Fatalf("next is %d, want %d", now, first.due)
			}
			tm := q.pop()
			tm.owner.fire(now, tm)
			model.remove(first.id)
			if want = append(want, first.id); !slices.Equal(got.order, want) {
				t.Fatalf("timers fired as %v, want %v", got.order, want)
			}
		}
		if timers[i].armed() != model.has(i) {
			t.Fatalf("timer %d says armed=%v", i, timers[i].armed())
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

// One that is armed for earlier each time leaves stale entries behind; they are swept away before
// they are many, and the order of the others stays.
func TestStaleEntriesAreSwept(t *testing.T) {
	var q queue
	var got firings
	timers := make([]timer, 10)
	for i := range timers {
		timers[i].owner = &numbered{&got, i}
		q.arm(&timers[i], Time(100*i+100), q.nextSeq())
	}
	for i := range 10_000 {
		q.arm(&timers[3], Time(20_000-i), q.nextSeq())
		if len(q.entries) > 200 {
			t.Fatalf("the heap has %d entries for 10 timers", len(q.entries))
		}
	}
	for q.next() != Never {
		now := q.next()
		tm := q.pop()
		tm.owner.fire(now, tm)
	}
	if want := []int{0, 1, 2, 4, 5, 6, 7, 8, 9, 3}; !slices.Equal(got.order, want) {
		t.Errorf("timers fired as %v, want %v", got.order, want)
	}
}

// Flights leave in the order in which they came, however pushes and pops are mixed, and the pool
// gives out none that is under way.
func TestFlightsKeepTheirOrder(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	var pool flightPool
	var q fifo
	under := map[*flight]bool{}
	pushed, popped := uint32(0), uint32(0)
	for range 10_000 {
		if r.IntN(2) == 0 {
			f := pool.take()
			if under[f] {
				t.Fatal("the pool gave out a flight that is under way")
			}
			under[f] = true
			f.seg = Segment{Seq: pushed, Payload: []byte{1}}
			pushed++
			q.push(f)
		} else if q.n > 0 {
			f := q.pop()
			if f.seg.Seq != popped {
				t.Fatalf("flight %d came out, want %d", f.seg.Seq, popped)
			}
			popped++
			delete(under, f)
			pool.give(f)
			if f.seg.Payload != nil {
				t.Fatal("a flight in the pool holds a payload")
			}
		}
	}
	if q.n != int(pushed-popped) {
		t.Errorf("the queue holds %d, want %d", q.n, pushed-popped)
	}
}
