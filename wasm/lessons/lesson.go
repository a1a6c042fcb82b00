package lessons

import (
	"strings"

	"halfopen/sim/trace"
)

// Text is something said in English and in Japanese.
type Text struct{ EN, JA string }

// In returns the words in a language, by its tag.
func (t Text) In(lang string) string {
	if lang == "ja" {
		return t.JA
	}
	return t.EN
}

// Lesson is a story.
type Lesson struct {
	Title    Text
	Variants []Variant // the first is the one on the screen
	Steps    []Step
	Facts    func(Runs) Facts
	Claims   []Claim
}

// Variant is one scenario of a lesson.
type Variant struct{ Key, Scenario string }

// Runs are the traces of the variants.
type Runs map[string]*trace.Trace

// Step is a question and its answer.
type Step struct {
	Text   Text // said before the question
	Ask    Text
	Hide   string // the fact that says from when on the run is hidden until the answer
	Choose *Choice
	Mark   *Mark
	Answer []Text
	Event  string // the fact that names the event to look at
}

// Choice is a question with answers to choose from; Right names the fact that counts the right one
// from 0.
type Choice struct {
	Options []Text
	Right   string
}

// Mark is a question for an instant: from and to in seconds, and the fact that is the truth.
type Mark struct {
	From, To, Grain float64
	Truth           string
}

// Claim is something that a story says or builds on. It is a sentence, so that a failing test reads
// as what is no longer true.
type Claim struct {
	Says string
	True func(Facts) bool
}

// Fill puts facts into the gaps of a text.
func Fill(text string, f Facts) string {
	for name, fact := range f {
		text = strings.ReplaceAll(text, "{"+name+"}", fact.Text)
	}
	return text
}

// All returns the lessons in their order.
func All() []Lesson {
	return []Lesson{cutCable(), fiveSeconds(), whoDecides(), deaf(), ghost(), success(), silentNAT(),
		choose()}
}
