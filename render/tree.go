package render

import "halfopen/netmodel"

// tree finds, among intervals sorted by their begin, those that touch a range, in O(log n + found).
// It is a heap-shaped array of the latest end in each half, quarter, ... of the intervals: flights
// may last microseconds or, in a long queue, half a minute, so no fixed bucket would do.
type tree struct {
	begin, end []netmodel.Time
	latest     []netmodel.Time // of node i's part; children 2i+1 and 2i+2
}

// newTree takes the begins, in ascending order, and the ends of the intervals.
func newTree(begin, end []netmodel.Time) tree {
	t := tree{begin: begin, end: end}
	if len(begin) > 0 {
		size := 1
		for size < len(begin) {
			size *= 2
		}
		t.latest = make([]netmodel.Time, 2*size)
		t.build(0, 0, len(begin))
	}
	return t
}

func (t *tree) build(node, lo, hi int) netmodel.Time {
	if hi-lo == 1 {
		t.latest[node] = t.end[lo]
	} else {
		mid := (lo + hi) / 2
		t.latest[node] = max(t.build(2*node+1, lo, mid), t.build(2*node+2, mid, hi))
	}
	return t.latest[node]
}

// touching appends the indices of the intervals with begin <= to and end >= from, in ascending
// order.
func (t *tree) touching(ids []int32, from, to netmodel.Time) []int32 {
	if len(t.begin) == 0 {
		return ids
	}
	return t.walk(ids, 0, 0, len(t.begin), from, to)
}

func (t *tree) walk(ids []int32, node, lo, hi int, from, to netmodel.Time) []int32 {
	if t.latest[node] < from || t.begin[lo] > to {
		return ids
	}
	if hi-lo == 1 {
		return append(ids, int32(lo))
	}
	mid := (lo + hi) / 2
	ids = t.walk(ids, 2*node+1, lo, mid, from, to)
	return t.walk(ids, 2*node+2, mid, hi, from, to)
}
