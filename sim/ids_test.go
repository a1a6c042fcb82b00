package sim

import (
	"fmt"
	"strings"
	"testing"
	"unsafe"
)

// Each id is kept once, beside the one before, and what is kept stays when a page is full.
func TestIDsLieTogether(t *testing.T) {
	var table idTable
	ids := []string{"", "phone", strings.Repeat("x", 3*idRoom)}
	for n := range 1000 {
		ids = append(ids, fmt.Sprintf("device%05d", n))
	}
	kept := make([]string, len(ids))
	for i, id := range ids {
		kept[i] = table.get(id)
	}
	apart := 0
	for i, id := range ids {
		again := table.get(strings.Clone(id))
		if kept[i] != id || again != id || unsafe.StringData(again) != unsafe.StringData(kept[i]) {
			t.Fatalf("%.20q is kept as %.20q, then %.20q", id, kept[i], again)
		}
		if i > 3 && uintptr(unsafe.Pointer(unsafe.StringData(kept[i])))-
			uintptr(unsafe.Pointer(unsafe.StringData(kept[i-1]))) != uintptr(len(kept[i-1])) {
			apart++
		}
	}
	if most := 1000*len("device00000")/idRoom + 1; apart > most {
		t.Errorf("%d of 1000 ids begin elsewhere, want at most %d", apart, most)
	}
}
