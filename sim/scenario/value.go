package scenario

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode"

	"halfopen/netmodel"
)

// This file reads values: what stands behind a "=", and arguments with a kind of their own. Values
// keep the text they were written with, so "60s" stays "60s"; instants and lengths of steps, which
// are numbers in a Statement, are printed by FormatDuration.

// valueError says what is wrong with a value, and what was expected.
type valueError struct{ wrote, want, hint string }

func (e *valueError) Error() string {
	return fmt.Sprintf("%q is not %s%s", e.wrote, e.want, e.hint)
}

// ParseDuration reads a duration: Go's syntax, not negative, at most MaxDuration.
func ParseDuration(s string) (time.Duration, error) {
	d, err := time.ParseDuration(s)
	switch {
	case err != nil:
		if _, err := strconv.ParseFloat(s, 64); err == nil && s[0] >= '0' && s[0] <= '9' {
			return 0, fmt.Errorf("%q has no unit: %ss, or %sms?", s, s, s)
		}
		return 0, &valueError{s, "a duration such as 1m30s or 250ms", ""}
	case d < 0 || strings.HasPrefix(s, "-"):
		return 0, fmt.Errorf("%q is negative; no duration is shorter than 0s", s)
	case d > MaxDuration:
		return 0, fmt.Errorf("%q is too long; the longest duration is 87600h, ten years", s)
	}
	return d, nil
}

// FormatDuration prints a duration as people write it in a scenario: 67s, 66.9s, 250ms, 5m, 2h.
// ParseDuration reads it back exactly.
func FormatDuration(d time.Duration) string {
	switch {
	case d >= 5*time.Minute && d%time.Hour == 0:
		return fmt.Sprintf("%dh", d/time.Hour)
	case d >= 5*time.Minute && d%time.Minute == 0:
		return fmt.Sprintf("%dm", d/time.Minute)
	case d < time.Second || d >= time.Hour:
		return d.String()
	}
	s := strconv.FormatInt(int64(d/time.Second), 10)
	if frac := d % time.Second; frac != 0 {
		s += strings.TrimRight(fmt.Sprintf(".%09d", frac), "0")
	}
	return s + "s"
}

// parsePercent reads "2.5%" as parts per million.
func parsePercent(s string) (netmodel.PPM, bool) {
	digits, ok := strings.CutSuffix(s, "%")
	whole, frac, _ := strings.Cut(digits, ".")
	if !ok || !isDigits(whole) || len(whole) > 3 || len(frac) > 4 ||
		strings.Contains(digits, ".") != (frac != "") || frac != "" && !isDigits(frac) {
		return 0, false
	}
	n, err := strconv.ParseUint(whole+frac+"0000"[len(frac):], 10, 32)
	if err != nil || n > 1_000_000 {
		return 0, false
	}
	return netmodel.PPM(n), true
}

func isDigits(s string) bool {
	for _, c := range s {
		if c < '0' || c > '9' {
			return false
		}
	}
	return s != ""
}

type unit struct {
	name string
	size int64
}

// The units: powers of ten for what a line carries, of two for what memory holds.
var (
	rateUnits = []unit{{"kbit/s", 1e3}, {"Mbit/s", 1e6}, {"Gbit/s", 1e9}, {"bit/s", 1}}
	sizeUnits = []unit{{"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}, {"B", 1}}
)

const unlimited = "unlimited" // as a number: 0

// parseUnits reads a whole number above 0 with a unit, or unlimited.
func parseUnits(s string, units []unit) (int64, bool) {
	if s == unlimited {
		return 0, true
	}
	for _, u := range units {
		digits, ok := strings.CutSuffix(s, u.name)
		if !ok {
			continue
		}
		n, err := strconv.ParseInt(digits, 10, 64)
		if err != nil || !isDigits(digits) || n < 1 || n > 1<<40/u.size {
			return 0, false
		}
		return n * u.size, true
	}
	return 0, false
}

// checkName reports what is wrong with the name of a host, client, ...
func checkName(s string) error {
	for i, c := range s {
		letter := unicode.IsLetter(c)
		if !letter && (i == 0 || !unicode.IsDigit(c) && !strings.ContainsRune("-_", c)) {
			return &valueError{s, "a name: a letter, then letters, digits, - and _", ""}
		}
	}
	if s == "" || len(s) > 64 {
		return &valueError{s, "a name of 1 to 64 bytes", ""}
	}
	if reserved(s) || lookup(s, true) != nil {
		return &valueError{s, "free to be a name: it is a word of the language", ""}
	}
	return nil
}

// reserved reports whether a word has a meaning of its own in a statement.
func reserved(s string) bool {
	switch s {
	case "at", "every", "from", "for", ">":
		return true
	}
	return false
}

// check reports what is wrong with a value of key k.
func (k *Key) check(s string) error { return checkValue(k.Kind, s, k) }

// checkValue reports what is wrong with the text of a value or argument. k has the bounds and words
// of keys; it may be nil.
func checkValue(kind Kind, s string, k *Key) error {
	switch kind {
	case Duration, DurationOff:
		if kind == DurationOff && s == "off" {
			return nil
		}
		return checkDuration(s, k)
	case Int:
		if n, err := strconv.ParseInt(s, 10, 64); err != nil || n < k.Min || n > k.Max {
			return &valueError{s, fmt.Sprintf("a whole number from %d to %d", k.Min, k.Max), ""}
		}
	case Seed:
		if _, err := strconv.ParseUint(s, 10, 64); err != nil {
			return &valueError{s, fmt.Sprintf("a whole number from 0 to %d", uint64(math.MaxUint64)), ""}
		}
	case OnOff:
		if s != "on" && s != "off" {
			return &valueError{s, "on or off", ""}
		}
	case Enum:
		return checkEnum(s, k.Words)
	}
	return checkSpecial(kind, s, k)
}

// checkDuration is checkValue for a duration, with the bounds of its key.
func checkDuration(s string, k *Key) error {
	d, err := ParseDuration(s)
	switch {
	case err != nil || k == nil:
		return err
	case k.Whole > 0 && d%k.Whole != 0:
		return fmt.Errorf("%q is not a multiple of %v", s, k.Whole)
	case k.Max > 0 && int64(d) > k.Max:
		return fmt.Errorf("%q is more than %v, the most that it can be", s, time.Duration(k.Max))
	}
	return nil
}

// checkSpecial is checkValue for values with a notation of their own.
func checkSpecial(kind Kind, s string, k *Key) error {
	switch kind {
	case Percent:
		if _, ok := parsePercent(s); !ok {
			hint := ""
			if _, ok := parsePercent(s + "%"); ok {
				hint = fmt.Sprintf(", did you mean %q?", s+"%")
			}
			return &valueError{s, "a percentage from 0% to 100%, with at most four decimals", hint}
		}
	case Rate:
		if _, ok := parseUnits(s, rateUnits); !ok {
			return &valueError{s, "a rate such as 64kbit/s (bit/s, kbit/s, Mbit/s, Gbit/s) or unlimited",
				""}
		}
	case Size:
		n, ok := parseUnits(s, sizeUnits)
		if !ok {
			return &valueError{s, "a size such as 64KiB (B, KiB, MiB, GiB) or unlimited", ""}
		}
		if k != nil && k.Max > 0 && (n == 0 || n > k.Max) {
			return fmt.Errorf("%q is more than %d MiB, the most that it can be", s, k.Max>>20)
		}
	case Addr:
		if _, err := netmodel.ParseAddr(s); err != nil {
			return &valueError{s, "an IPv4 address such as 10.0.0.9", ""}
		}
	case Instant:
		// The bubble's clock starts with the year 2000 and sleeps from there: see package sim.
		t, err := time.Parse(time.RFC3339Nano, s)
		if err != nil || t.Year() < 2001 || t.Year() > 2200 {
			return &valueError{s, "a time such as 2014-12-30T08:02:55Z, from 2001 on", ""}
		}
	case NewName, HostName, ClientName, BrokerName, NATName:
		return checkName(s)
	case Topic, Filter:
		return checkTopic(s, kind == Filter)
	}
	return nil
}

func checkEnum(s string, words []string) error {
	for _, w := range words {
		if s == w {
			return nil
		}
	}
	hint := suggest(s, words)
	if len(words) > 6 && hint != "" {
		return &valueError{s, "one of the words it can be", hint}
	}
	return &valueError{s, oneOf(words), hint}
}

// checkTopic applies MQTT 3.1.1, 4.7: # last and alone in its level, + alone in its level, neither
// in the topic of a message.
func checkTopic(s string, filter bool) error {
	want := "a topic"
	if filter {
		want = "a topic filter such as home/# or home/+/temp"
	}
	bad := s == "" || len(s) > 65535 || strings.ContainsRune(s, 0)
	levels := strings.Split(s, "/")
	for i, l := range levels {
		if !strings.ContainsAny(l, "#+") {
			continue
		}
		bad = bad || !filter || len(l) > 1 || l == "#" && i < len(levels)-1
	}
	if bad {
		return &valueError{s, want, ""}
	}
	return nil
}
