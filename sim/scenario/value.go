package scenario

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"halfopen/netmodel"
)

// maxDuration bounds every duration of a scenario: ten years.
const maxDuration = 10 * 365 * 24 * time.Hour

// ParseDuration parses a Go duration that is not negative and below ten years.
func ParseDuration(s string) (time.Duration, error) {
	d, err := time.ParseDuration(s)
	switch {
	case err != nil:
		return 0, fmt.Errorf("%q is no duration: write 30s, 1m30s or 250ms", s)
	case d < 0:
		return 0, fmt.Errorf("%s is negative: durations are 0s or more", s)
	case d > maxDuration:
		return 0, fmt.Errorf("%s is more than ten years", s)
	}
	return d, nil
}

// FormatDuration prints a duration as scenarios write it: 1m, not 1m0s.
func FormatDuration(d time.Duration) string {
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = s[:len(s)-2]
	}
	if strings.HasSuffix(s, "h0m") {
		s = s[:len(s)-2]
	}
	return s
}

// ParsePercent parses 20%, 0.5% or 0.0001% into parts per million.
func ParsePercent(s string) (netmodel.PPM, error) {
	number, ok := strings.CutSuffix(s, "%")
	whole, frac, _ := strings.Cut(number, ".")
	if !ok || len(frac) > 4 || len(whole) > 3 || whole == "" {
		return 0, fmt.Errorf("%q is no percentage: write 20%% or 0.5%%", s)
	}
	n, err := strconv.ParseUint(whole+frac+"0000"[len(frac):], 10, 32)
	if err != nil || n > 1_000_000 {
		return 0, fmt.Errorf("%q is no percentage from 0%% to 100%%", s)
	}
	return netmodel.PPM(n), nil
}

// ParseRate parses bits a second: 250kbit, 2Mbit, 9600.
func ParseRate(s string) (int64, error) {
	return scaled(s, "bits a second: write 250kbit, 2Mbit or 9600bit",
		[]unit{{"kbit", 1e3}, {"Mbit", 1e6}, {"Gbit", 1e9}, {"bit", 1}, {"", 1}})
}

// ParseSize parses bytes: 64KiB, 1MiB, 1500.
func ParseSize(s string) (int64, error) {
	return scaled(s, "bytes: write 64KiB, 1MiB or 1500",
		[]unit{{"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}, {"B", 1}, {"", 1}})
}

type unit struct {
	name  string
	value int64
}

func scaled(s, want string, units []unit) (int64, error) {
	for _, u := range units {
		number, ok := strings.CutSuffix(s, u.name)
		if !ok {
			continue
		}
		n, err := strconv.ParseInt(number, 10, 64)
		if err != nil || n < 0 || n > math.MaxInt64/u.value {
			break
		}
		return n * u.value, nil
	}
	return 0, fmt.Errorf("%q is not %s", s, want)
}

// check says what is wrong with a value of the kind.
func (k Kind) check(v string) error {
	var err error
	switch k {
	case Duration:
		_, err = ParseDuration(v)
	case Int:
		if _, e := strconv.ParseUint(v, 10, 63); e != nil {
			err = fmt.Errorf("%q is no whole number of 0 or more", v)
		}
	case Bool:
		if v != "on" && v != "off" {
			err = fmt.Errorf("%q is neither on nor off", v)
		}
	case Percent:
		_, err = ParsePercent(v)
	case Rate:
		_, err = ParseRate(v)
	case Size:
		_, err = ParseSize(v)
	case Instant:
		if _, e := time.Parse(time.RFC3339, v); e != nil {
			err = fmt.Errorf("%q is no instant like 2014-12-30T01:00:35Z", v)
		}
	case Address:
		if _, e := netmodel.ParseAddr(v); e != nil {
			err = fmt.Errorf("%q is not an IPv4 address like 10.0.0.1", v)
		}
	case Name:
		if !isName(v) {
			err = fmt.Errorf("%q is no name: letters, digits, - and _", v)
		}
	}
	return err
}

// check says what is wrong with a value of the key.
func (k *Key) check(v string) error {
	switch {
	case k.Off && v == "off", v == k.Default:
		return nil
	case k.Kind == Enum:
		for _, ok := range k.Values {
			if v == ok {
				return nil
			}
		}
		return fmt.Errorf("%q is not one of %s", v, strings.Join(k.Values, ", "))
	}
	return k.Kind.check(v)
}

func isName(s string) bool {
	for i, c := range s {
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_'
		if !letter && (i == 0 || (c < '0' || c > '9') && c != '-') {
			return false
		}
	}
	return s != "" && len(s) <= 64
}
