package lessons

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"halfopen/render"
	"halfopen/sim"
	"halfopen/sim/explain"
	"halfopen/sim/scenario"
	"halfopen/sim/trace"
)

// runs runs every variant of a lesson. What a scenario expects of itself is its own test's
// business: such an error comes with a trace.
func runs(t *testing.T, l *Lesson) Runs {
	t.Helper()
	out := Runs{}
	for _, v := range l.Variants {
		s, err := scenario.Parse(v.Key, v.Scenario)
		if err != nil {
			t.Fatalf("%s: %v", l.Title.EN, err)
		}
		tr, err := sim.RunScenario(s, sim.Options{})
		if tr == nil {
			t.Fatalf("%s, %s: %v", l.Title.EN, v.Key, err)
		}
		out[v.Key] = tr
	}
	return out
}

var gap = regexp.MustCompile(`\{[a-z0-9-]+\}`)

// The oracle: what each lesson tells is so in the runs, and every number that it shows comes from
// them.
func TestLessonsAreTrue(t *testing.T) {
	for number, l := range All() {
		t.Run(l.Title.EN, func(t *testing.T) {
			f := l.Facts(runs(t, &l))
			t.Logf("lesson %d", number+1)
			for name, fact := range f {
				t.Logf("%-12s %s", name, fact.Text)
			}
			for _, c := range l.Claims {
				if !c.True(f) {
					t.Errorf("no longer true: %s", c.Says)
				}
			}
			for _, text := range texts(&l) {
				for _, lang := range []string{"en", "ja"} {
					if rest := gap.FindString(Fill(text, lang, f)); rest != "" {
						t.Errorf("no fact for %s in %q", rest, text.In(lang))
					}
				}
			}
			hidden(t, &l, f)
		})
	}
}

// hidden checks what a step hides: it must exist, and the truth of a mark must lie within what the
// marker can say, and behind what is hidden, or the picture would show the answer.
func hidden(t *testing.T, l *Lesson, f Facts) {
	for _, s := range l.Steps {
		for _, name := range []string{s.Hide, s.Watch} {
			if _, ok := f[name]; name != "" && !ok {
				t.Errorf("nothing says when %q is", name)
			}
		}
		if s.Watch != "" && f[s.Watch].Value <= f[s.Hide].Value {
			t.Errorf("%q: the run is watched from %s to %s", s.Text.EN, f[s.Hide].Text, f[s.Watch].Text)
		}
		if s.Act != "" {
			if s.Hide == "" || s.Watch == "" || s.Ask.EN != "" {
				t.Errorf("%q: what is done has no instant, or is a question too", s.Text.EN)
			}
			continue
		}
		if s.Mark == nil {
			if right := int(f[s.Choose.Right].Value); right < 0 || right >= len(s.Choose.Options) {
				t.Errorf("%q: option %d does not exist", s.Ask.EN, right)
			}
			continue
		}
		truth := f[s.Mark.Truth].Value
		if truth < s.Mark.From || truth > s.Mark.To {
			t.Errorf("%q: the answer %.1f cannot be marked between %.1f and %.1f", s.Ask.EN, truth,
				s.Mark.From, s.Mark.To)
		}
		if truth <= f[s.Hide].Value {
			t.Errorf("%q: the picture shows the answer", s.Ask.EN)
		}
	}
}

// Every event of every run that a lesson shows or counts in has a chain of causes that ends in a
// setting, a fault or the start.
func TestEveryEventOfALessonHasItsCauses(t *testing.T) {
	for _, l := range All() {
		for key, tr := range runs(t, &l) {
			x := explain.New(tr)
			for i := range tr.Events {
				id := trace.ID(i + 1)
				chain := append([]trace.ID{id}, x.Chain(id)...)
				if end := tr.Event(chain[len(chain)-1]); !explain.Terminal(end.Kind) {
					t.Fatalf("%s, %s: the causes of %q end at %v", l.Title.EN, key,
						x.Sentence(id, explain.EN), end)
				}
			}
		}
	}
}

// Auto shows each lesson in 20 to 90 seconds.
func TestAutoShowsALesson(t *testing.T) {
	for _, l := range All() {
		ix := render.NewIndex(runs(t, &l)[l.Variants[0].Key])
		p := render.Player{Speed: render.Auto}.Toggle(ix)
		took := time.Duration(0)
		for ; p.Playing; took += 100 * time.Millisecond {
			p = p.Advance(ix, 100*time.Millisecond)
		}
		if took < 20*time.Second || took > 91*time.Second {
			t.Errorf("%s: Auto takes %v", l.Title.EN, took)
		}
	}
}

// Whoever reads an abbreviation or a packet's name in a lesson finds it in the glossary.
func TestTermsOfLessonsAreInTheGlossary(t *testing.T) {
	var known strings.Builder
	for _, term := range explain.Glossary() {
		known.WriteString(term.EN + "\n" + term.TextEN + "\n")
	}
	capitals := regexp.MustCompile(`\b[A-Z]{3,}\b`)
	for _, l := range All() {
		for _, text := range texts(&l) {
			for _, word := range capitals.FindAllString(text.EN, -1) {
				if word != "RFC" && !strings.Contains(known.String(), word) {
					t.Errorf("%s: the glossary does not know %s", l.Title.EN, word)
				}
			}
		}
	}
}

// Each lesson says what it does not show, and fits into a link.
func TestLessonsHaveLimits(t *testing.T) {
	for _, l := range All() {
		if l.Limits.EN == "" || l.Limits.JA == "" {
			t.Errorf("%s does not say what it does not show", l.Title.EN)
		}
		s, err := scenario.Parse("", l.Variants[0].Scenario)
		if err != nil {
			t.Fatal(err)
		}
		link, err := scenario.Encode(s)
		if err != nil || len(link) > 1800 { // with the rest of the address 2,000
			t.Errorf("%s: the link has %d characters (%v)", l.Title.EN, len(link), err)
		}
	}
}

// Both languages say everything, with the same gaps.
func TestLessonsInBothLanguages(t *testing.T) {
	for _, l := range All() {
		for _, text := range texts(&l) {
			if (text.EN == "") != (text.JA == "") {
				t.Errorf("%s: a text is missing beside %q", l.Title.EN, text.EN+text.JA)
			}
			en, ja := gaps(text.EN), gaps(text.JA)
			for name := range en {
				if !ja[name] {
					t.Errorf("%s: the Japanese text lacks %s: %q", l.Title.EN, name, text.JA)
				}
			}
			for name := range ja {
				if !en[name] {
					t.Errorf("%s: the English text lacks %s: %q", l.Title.EN, name, text.EN)
				}
			}
		}
	}
}

func gaps(s string) map[string]bool {
	m := map[string]bool{}
	for _, g := range gap.FindAllString(s, -1) {
		m[g] = true
	}
	return m
}

func texts(l *Lesson) []Text {
	out := []Text{l.Title, l.Limits}
	for _, s := range l.Steps {
		out = append(out, s.Text, s.Ask)
		out = append(out, s.Answer...)
		for _, row := range s.Table {
			out = append(out, row...)
		}
		if s.Choose != nil {
			out = append(out, s.Choose.Options...)
		}
	}
	return out
}
