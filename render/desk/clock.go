package desk

import (
	"fmt"

	"halfopen/netmodel"
)

// clock writes an instant as m:ss.mmm, rounded to the millisecond.
func clock(t netmodel.Time) string {
	ms := (int64(t) + 500000) / 1000000
	m, s := ms/60000, float64(ms%60000)/1000
	if m < 60 {
		return fmt.Sprintf("%d:%06.3f", m, s)
	}
	return fmt.Sprintf("%d:%02d:%06.3f", m/60, m%60, s)
}
