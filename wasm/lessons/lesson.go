package lessons

import (
	"strings"
	"time"

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
	Limits   Text // what this lesson does not show, and a reader should know
}

// Variant is one scenario of a lesson.
type Variant struct{ Key, Scenario string }

// Runs are the traces of the variants.
type Runs map[string]*trace.Trace

// Step is a question and its answer; or, where Act is set, something that the learner does, and no
// question. After either the run is played, up to the instant that Watch names, and nothing later
// is seen; then comes the answer.
type Step struct {
	Text   Text // said before the question
	Ask    Text
	Hide   string // the fact that says from when on the run is hidden until the answer
	Act    Act
	Choose *Choice
	Mark   *Mark
	Watch  string // the fact that says until when the run is played before the answer; "": not
	Answer []Text
	Table  [][]Text // shown below the answer; the first row is its head
	Event  string   // the fact that names the event to look at
}

// Act is what a learner is asked to do. The run has it already, at the instant that Hide names.
type Act string

// ActCut is cutting the wire.
const ActCut Act = "cut"

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

// Lead is how long a reader watches, at the speed Auto, before the run stops for a question.
const Lead = 5500 * time.Millisecond

// plain is a text that is the same in both languages: a number, a gap.
func plain(s string) Text { return Text{s, s} }

// Fill puts facts into the gaps of a text, in a language.
func Fill(t Text, lang string, f Facts) string {
	text := t.In(lang)
	for name, fact := range f {
		said := fact.Text
		if lang == "ja" {
			said = units.Replace(said)
		}
		text = strings.ReplaceAll(text, "{"+name+"}", said)
	}
	return text
}

// units of facts are English.
var units = strings.NewReplacer(" ms", " ミリ秒", " s", " 秒")

// All returns the lessons in their order.
func All() []Lesson {
	return []Lesson{cutCable(), fiveSeconds(), whoDecides(), deaf(), ghost(), success(), silentNAT(),
		choose()}
}
