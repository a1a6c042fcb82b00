package words

import (
	"regexp"
	"slices"
	"testing"
)

var argument = regexp.MustCompile(`\{[0-9]\}`)

// Full parity: every key in both languages, with the same arguments, and none empty.
func TestCataloguesHaveTheSameKeys(t *testing.T) {
	for _, pair := range [][2]Lang{{EN, JA}, {JA, EN}} {
		for _, key := range Keys(pair[0]) {
			s, ok := tables[pair[1]][key]
			if !ok {
				t.Errorf("%s is in %s and not in %s: add it to the other catalogue", key, pair[0], pair[1])
				continue
			}
			want := argument.FindAllString(tables[pair[0]][key], -1)
			got := argument.FindAllString(s, -1)
			slices.Sort(want)
			slices.Sort(got)
			if !slices.Equal(got, want) {
				t.Errorf("%s has the arguments %v in %s and %v in %s", key, want, pair[0], got, pair[1])
			}
			if s == "" {
				t.Errorf("%s is empty in %s", key, pair[1])
			}
		}
	}
}

func TestFormat(t *testing.T) {
	if got, want := Format(EN, "edit.cut", "phone", "hub"), "cut phone – hub"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := Get(JA, "no.such.key"), "[no.such.key]"; got != want {
		t.Errorf("got %q, want %q: a missing key must be seen", got, want)
	}
	// Browsers write tags (RFC 5646), systems write locales (POSIX, LANG).
	for tag, want := range map[string]Lang{"ja": JA, "ja-JP": JA, "ja_JP.UTF-8": JA, "JA_jp": JA,
		"de": EN, "C.UTF-8": EN, "jam": EN, "": EN} {
		if got := ParseLang(tag); got != want {
			t.Errorf("ParseLang(%q) is %v, want %v", tag, got, want)
		}
	}
}
