package sim

import (
	"strconv"
	"strings"
)

// This file reads what the runtime prints, and does without package regexp: the page would load 50
// kB for it, and nothing else in the simulation uses it.

// quoteMeta escapes a text for a regular expression, as `go test -run` takes it.
func quoteMeta(s string) string {
	var b strings.Builder
	for _, r := range s {
		if strings.ContainsRune(`\.+*?()|[]{}^$`, r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// leadingDigits is the longest start of s of which all bytes are in digits.
func leadingDigits(s, digits string) string {
	return s[:len(s)-len(strings.TrimLeft(s, digits))]
}

// addresses are the numbers in s that are written 0x1f, as a stack dump has its arguments. One of
// more than 64 bits is no address.
func addresses(s string) []uint64 {
	var out []uint64
	for {
		_, rest, found := strings.Cut(s, "0x")
		if !found {
			return out
		}
		hex := leadingDigits(rest, "0123456789abcdef")
		if n, err := strconv.ParseUint(hex, 16, 64); err == nil {
			out = append(out, n)
		}
		s = rest[len(hex):]
	}
}
