package scenario

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// PhraseForm is one way to say what a run must show. Upper-case words are holes: D and T are
// durations, COUNT is "N", "at most N" or "at least N".
type PhraseForm struct{ Words, Doc string }

// Phrases are what an expectation can say of its client.
var Phrases = []PhraseForm{
	{"lost within D of T", "its library reports the connection as lost between T and T + D"},
	{"back within D of T", "it is connected anew between T and T + D"},
	{"dropped within D of T", "its broker ends a connection with it between T and T + D"},
	{"hears within D of T", "a message reaches its program between T and T + D"},
	{"notices within D", "whenever its line dies, its library reports so within D"},
	{"recovers within D", "whenever the path opens again, messages can reach it within D"},
	{"never deaf over D", "it is never connected without its subscription for longer than D"},
	{"receives COUNT", "messages that reach its program"},
	{"lost-messages COUNT", "messages that were meant for it and never reach it"},
	{"duplicates COUNT", "messages that reach its program more than once"},
	{"reconnects COUNT", "connections after its first"},
	{"attempts COUNT", "attempts to connect"},
	{"pings COUNT", "PINGREQ packets it writes"},
}

// Bound says how a count is compared.
type Bound uint8

// The bounds.
const (
	Exactly Bound = iota
	AtMost
	AtLeast
)

// Expectation is what an expect statement says.
type Expectation struct {
	Client string
	What   string        // the first word of its phrase
	Within time.Duration // D
	Of     time.Duration // T
	Bound  Bound
	N      int
}

// Expectation reads an expect statement.
func (st *Statement) Expectation() (Expectation, error) {
	if st.Verb != "expect" || len(st.Args) < 2 {
		return Expectation{}, fmt.Errorf("%q is not an expectation", st.Phrase())
	}
	e, _, err := readPhrase(st.Args[1:])
	e.Client = st.Args[0]
	return e, err
}

// phrase takes the words of an expectation.
func (p *parser) phrase() *Error {
	n := 0
	var words []string
	for n < len(p.words) && !p.words[n].isKey && !p.words[n].quoted {
		words = append(words, p.words[n].text)
		n++
	}
	if _, at, err := readPhrase(words); err != nil {
		col := p.end
		if at < len(p.words) {
			col = p.words[at].col
		}
		return p.errorf(col, "%v", err)
	}
	p.st.Args = append(p.st.Args, words...)
	p.words = p.words[n:]
	return nil
}

// readPhrase reads what a client is expected to do; on an error it says which word is wrong.
func readPhrase(words []string) (Expectation, int, error) {
	var e Expectation
	if len(words) == 0 {
		return e, 0, fmt.Errorf("expected what: %s", oneOf(phraseNames()))
	}
	for _, f := range Phrases {
		form := strings.Fields(f.Words)
		if form[0] == words[0] {
			e.What = words[0]
			at, err := e.fill(form, words)
			return e, at, err
		}
	}
	return e, 0, fmt.Errorf("no client does %q%s", words[0], suggest(words[0], phraseNames()))
}

func phraseNames() []string {
	names := make([]string, len(Phrases))
	for i, f := range Phrases {
		names[i], _, _ = strings.Cut(f.Words, " ")
	}
	return names
}

// fill compares words with the form of a phrase and fills in its holes.
func (e *Expectation) fill(form, words []string) (int, error) {
	i := 0
	for _, f := range form {
		if f == "COUNT" {
			n, err := e.count(words[i:])
			i += n
			if err != nil {
				return i, err
			}
			continue
		}
		if i == len(words) || !hole(f) && words[i] != f {
			return i, fmt.Errorf("expected: %s", strings.Join(form, " "))
		}
		if hole(f) {
			d, err := ParseDuration(words[i])
			if err != nil {
				return i, err
			}
			if f == "T" {
				e.Of = d
			} else {
				e.Within = d
			}
		}
		i++
	}
	if i < len(words) {
		return i, fmt.Errorf("unexpected %q; the form is: %s", words[i], strings.Join(form, " "))
	}
	return i, nil
}

func hole(word string) bool { return word == "D" || word == "T" }

// count reads N, at most N or at least N, and returns how many words that took.
func (e *Expectation) count(words []string) (n int, err error) {
	if len(words) > 0 && words[0] == "at" {
		n = 2
		switch strings.Join(words[:min(2, len(words))], " ") {
		case "at most":
			e.Bound = AtMost
		case "at least":
			e.Bound = AtLeast
		default:
			return 1, fmt.Errorf("expected: at most N, or at least N")
		}
	}
	if n >= len(words) {
		return len(words), fmt.Errorf("expected a number")
	}
	e.N, err = strconv.Atoi(words[n])
	if err != nil || e.N < 0 || e.N > maxCount {
		return n, &valueError{words[n], "a number", ""}
	}
	return n + 1, nil
}
