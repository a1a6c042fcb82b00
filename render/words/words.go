package words

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"strings"
)

// Lang is a language of the product.
type Lang uint8

// The languages.
const (
	EN Lang = iota
	JA
	numLangs
)

// String is the language's tag in HTML and URLs.
func (l Lang) String() string { return [...]string{"en", "ja"}[l] }

// ParseLang reads a tag like "ja" or "ja-JP", or a locale like "ja_JP.UTF-8"; anything unknown is
// English.
func ParseLang(tag string) Lang {
	base := strings.FieldsFunc(strings.ToLower(tag), func(r rune) bool {
		return r == '-' || r == '_' || r == '.'
	})
	if len(base) > 0 && base[0] == "ja" {
		return JA
	}
	return EN
}

// EnglishJSON and JapaneseJSON are the catalogues as files, for the page.
var (
	//go:embed en.json
	EnglishJSON []byte
	//go:embed ja.json
	JapaneseJSON []byte
)

var tables = [numLangs]map[string]string{EN: parse(EnglishJSON), JA: parse(JapaneseJSON)}

func parse(b []byte) map[string]string {
	var m map[string]string
	if err := json.Unmarshal(b, &m); err != nil {
		panic(fmt.Sprintf("words: a catalogue is not a JSON object of strings: %v", err))
	}
	return m
}

// Get returns the words for a key. A key that does not exist is our bug: it comes back in brackets,
// which every test of a picture rejects.
func Get(l Lang, key string) string {
	if s, ok := tables[l][key]; ok {
		return s
	}
	return "[" + key + "]"
}

// Format is Get with {0}, {1} ... replaced by the arguments.
func Format(l Lang, key string, args ...string) string {
	s := Get(l, key)
	for i, a := range args {
		s = strings.ReplaceAll(s, fmt.Sprintf("{%d}", i), a)
	}
	return s
}

// Keys returns the keys of a catalogue in no particular order.
func Keys(l Lang) []string {
	keys := make([]string, 0, len(tables[l]))
	for k := range tables[l] {
		keys = append(keys, k)
	}
	return keys
}
