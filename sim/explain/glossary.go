package explain

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"sync"
)

//go:embed glossary.json
var glossary []byte

// Term is an entry of the glossary, with both languages: the pair of words is always shown.
type Term struct {
	ID     string `json:"id"`
	EN     string `json:"en"`
	JA     string `json:"ja"`
	Source string `json:"source"` // the clause or section that defines it, empty for our own words
	TextEN string `json:"text_en"`
	TextJA string `json:"text_ja"`
}

// Text is the term's explanation in a language.
func (t *Term) Text(l Lang) string {
	if l == JA {
		return t.TextJA
	}
	return t.TextEN
}

// GlossaryJSON is the glossary as a file, for the page.
func GlossaryJSON() []byte { return glossary }

// Glossary is the terms that explanations and lessons use, each with its meaning.
var Glossary = sync.OnceValue(func() []Term {
	var terms []Term
	if err := json.Unmarshal(glossary, &terms); err != nil {
		panic(fmt.Sprintf("explain: the glossary is not a list of terms: %v", err))
	}
	return terms
})
