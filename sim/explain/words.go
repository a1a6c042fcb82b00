package explain

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"time"
)

// Lang is a language.
type Lang uint8

// The languages.
const (
	EN Lang = iota
	JA
	NumLangs
)

// ParseLang reads a tag like "ja" or "ja_JP.UTF-8"; anything that is not Japanese is English.
func ParseLang(tag string) Lang {
	if tag = strings.ToLower(tag); tag == "ja" || strings.HasPrefix(tag, "ja_") ||
		strings.HasPrefix(tag, "ja-") {
		return JA
	}
	return EN
}

//go:embed en.json
var english []byte

//go:embed ja.json
var japanese []byte

// catalogues are parsed when the first sentence is asked for: a run that explains nothing pays
// nothing.
var catalogues = sync.OnceValue(func() [NumLangs]map[string]string {
	return [NumLangs]map[string]string{EN: parse(english), JA: parse(japanese)}
})

func parse(b []byte) map[string]string {
	var m map[string]string
	if err := json.Unmarshal(b, &m); err != nil {
		panic(fmt.Sprintf("explain: a catalogue is not an object of strings: %v", err))
	}
	return m
}

// gaps are the values for the {names} in a sentence.
type gaps map[string]string

// say fills a sentence of the catalogue. A key that does not exist is our bug: it comes back in
// brackets, which the tests refuse.
func say(l Lang, key string, g gaps) string {
	s, ok := catalogues()[l][key]
	if !ok {
		return "[" + key + "]"
	}
	if !strings.Contains(s, "{") {
		return s
	}
	var b strings.Builder
	for {
		i := strings.IndexByte(s, '{')
		j := strings.IndexByte(s, '}')
		if i < 0 || j < i {
			b.WriteString(s)
			return b.String()
		}
		b.WriteString(s[:i])
		v, ok := g[s[i+1:j]]
		if !ok {
			v = s[i : j+1] // also refused by the tests
		}
		if l == JA {
			v = inJapanese(v)
		}
		b.WriteString(v)
		s = s[j+1:]
	}
}

// lasting writes a duration with as many digits as are worth reading: 9.98 s, 63.1 s, 20.1 ms, 450
// us.
func lasting(d time.Duration) string {
	switch {
	case d == 0:
		return "0 s"
	case d < 0:
		return "-" + lasting(-d)
	case d < time.Millisecond:
		return fmt.Sprintf("%d us", d.Microseconds())
	case d < time.Second:
		return trim(float64(d)/float64(time.Millisecond), 1) + " ms"
	case d < 10*time.Second:
		return trim(d.Seconds(), 2) + " s"
	case d < 2*time.Hour:
		return trim(d.Seconds(), 1) + " s"
	}
	return trim(d.Hours(), 1) + " h"
}

// units are those of lasting, in Japanese; "s" is the end of "ms" too and comes last.
var units = [...][2]string{{" us", " マイクロ秒"}, {" ms", " ミリ秒"}, {" h", " 時間"}, {" s", " 秒"}}

// inJapanese writes the unit of a value that is a duration in Japanese, and leaves others alone.
func inJapanese(v string) string {
	for _, u := range units {
		if n, ok := strings.CutSuffix(v, u[0]); ok && strings.Trim(n, "-.0123456789") == "" {
			return n + u[1]
		}
	}
	return v
}

func trim(f float64, digits int) string {
	s := fmt.Sprintf("%.*f", digits, f)
	return strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
}
