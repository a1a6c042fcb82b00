package sim

import "strings"

// An idTable keeps one copy of each client id, close together. A broker's own copies lie in the
// CONNECT packets in which they came, all over the memory, and mochi hashes each of them several
// times a second, to look for what has expired: a tenth of a large fleet's time went into waiting
// for that memory. It is not safe for concurrent use.
type idTable struct {
	known map[string]string
	room  strings.Builder
}

// idRoom is how many bytes of ids lie together: a page.
const idRoom = 4096

func (t *idTable) get(id string) string {
	if known, ok := t.known[id]; ok {
		return known
	}
	if t.known == nil {
		t.known = make(map[string]string)
	}
	if t.room.Cap()-t.room.Len() < len(id) {
		t.room.Reset() // what lies in the full one stays where it is
		t.room.Grow(max(idRoom, len(id)))
	}
	begin := t.room.Len()
	t.room.WriteString(id)
	own := t.room.String()[begin:]
	t.known[own] = own
	return own
}
