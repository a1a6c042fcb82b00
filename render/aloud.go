package render

import "strings"

// Aloud is the stage in words, for screen readers and for text terminals: the clock, what each
// floor believes, countdowns, faults and what is in flight, in the language of the view that drew
// the list. It says what is drawn and nothing else, because it is read off the same list.
func (l *List) Aloud() string {
	var b strings.Builder
	for _, role := range [...]Role{RoleScrubber, RoleApp, RoleKernel, RoleRing, RoleLink, RolePacket,
		RoleLie} {
		for i := range l.Refs {
			r := &l.Refs[i]
			if r.Role != role || r.from == r.to {
				continue
			}
			if b.Len() > 0 {
				b.WriteByte('\n')
			}
			b.Write(l.label[r.from:r.to])
		}
	}
	return b.String()
}
