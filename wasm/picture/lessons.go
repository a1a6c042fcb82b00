//go:build js

package main

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"

	"halfopen/sim/scenario"
	"halfopen/sim/trace"
	"halfopen/wasm/lessons"
)

var all = lessons.All()

// lesson is the story being told: its number, and the runs of its variants as far as they are here.
type lesson struct {
	number int
	runs   lessons.Runs
	facts  lessons.Facts
}

// took keeps the run on the desk if it is the lesson's own, unedited.
func (l *lesson) took(tr *trace.Trace, edits int) {
	if l.number > 0 && edits == 0 {
		l.runs[all[l.number-1].Variants[0].Key] = tr
	}
}

func (p *picture) lessons(json.RawMessage) (any, error) {
	type item struct {
		Number int    `json:"number"`
		Title  string `json:"title"`
	}
	var out []item
	for i, l := range all {
		out = append(out, item{i + 1, p.in(l.Title)})
	}
	return out, nil
}

func (p *picture) in(t lessons.Text) string { return t.In(p.desk.View.Lang.String()) }

// begin opens a lesson: its scenario is what the page shall run.
func (p *picture) begin(arg json.RawMessage) (any, error) {
	n, err := take[int](arg)
	if err != nil {
		return nil, err
	}
	if n < 1 || n > len(all) {
		return nil, fmt.Errorf("there is no lesson %d", n)
	}
	s, err := scenario.Parse("", all[n-1].Variants[0].Scenario)
	if err != nil {
		return nil, err
	}
	p.desk.Open(s)
	p.lesson = lesson{number: n, runs: lessons.Runs{}}
	p.asked++
	return p.state(), nil
}

// scene is a moment of a lesson: before a question is answered, or after. Step counts both, from 0.
type scene struct {
	Needs    []lessons.Variant `json:"needs"` // runs that are not here yet
	Title    string            `json:"title"`
	Text     string            `json:"text"`
	Limits   string            `json:"limits"`
	Act      lessons.Act       `json:"act,omitempty"` // what is to be done, in place of a question
	Question *question         `json:"question,omitempty"`
	Reveal   []string          `json:"reveal,omitempty"`
	Table    [][]string        `json:"table,omitempty"`
	Verdict  string            `json:"verdict,omitempty"`
	Event    trace.ID          `json:"event,omitempty"`
	Open     float64           `json:"open"`  // where a reader who comes in here begins to look
	Hide     float64           `json:"hide"`  // 0: everything may be seen
	Watch    float64           `json:"watch"` // until when the run is played before this is shown
	Last     bool              `json:"last"`
}

type question struct {
	Ask     string   `json:"ask"`
	Choices []string `json:"choices,omitempty"`
	From    float64  `json:"from"`
	To      float64  `json:"to"`
	Grain   float64  `json:"step"`
}

// scene tells a step of the lesson.
func (p *picture) scene(arg json.RawMessage) (any, error) {
	a, err := take[struct {
		Step  int
		Guess string
	}](arg)
	if err != nil || p.lesson.number == 0 {
		return nil, err
	}
	l := &all[p.lesson.number-1]
	s := scene{Title: p.in(l.Title), Limits: p.in(l.Limits)}
	for _, v := range l.Variants {
		if p.lesson.runs[v.Key] == nil {
			s.Needs = append(s.Needs, v)
		}
	}
	if len(s.Needs) > 0 {
		return s, nil
	}
	if p.lesson.facts == nil {
		p.lesson.facts = l.Facts(p.lesson.runs)
	}
	at := min(max(a.Step, 0), 2*len(l.Steps)-1)
	step := &l.Steps[at/2]
	s.Text, s.Act = p.fill(step.Text), step.Act
	if at%2 == 0 {
		s.Question, s.Hide = p.question(step), p.lesson.facts[step.Hide].Value
		s.Open = seconds(p.desk.Before(instant(s.Hide), lessons.Lead))
		return s, nil
	}
	s.Watch = p.lesson.facts[step.Watch].Value
	p.answerTo(&s, l, at/2, a.Guess)
	return s, nil
}

func (p *picture) fill(t lessons.Text) string {
	return lessons.Fill(t, p.desk.View.Lang.String(), p.lesson.facts)
}

func (p *picture) question(step *lessons.Step) *question {
	if step.Act != "" {
		return nil
	}
	q := &question{Ask: p.fill(step.Ask)}
	if step.Choose != nil {
		for _, o := range step.Choose.Options {
			q.Choices = append(q.Choices, p.fill(o))
		}
		return q
	}
	q.From, q.To, q.Grain = step.Mark.From, step.Mark.To, step.Mark.Grain
	return q
}

// answerTo adds what is shown after a question; what the next one asks stays hidden.
func (p *picture) answerTo(s *scene, l *lessons.Lesson, i int, guess string) {
	step := &l.Steps[i]
	for _, t := range step.Answer {
		s.Reveal = append(s.Reveal, p.fill(t))
	}
	for _, row := range step.Table {
		cells := make([]string, len(row))
		for i, c := range row {
			cells[i] = p.fill(c)
		}
		s.Table = append(s.Table, cells)
	}
	s.Event = trace.ID(p.lesson.facts[step.Event].Value)
	if s.Last = i == len(l.Steps)-1; !s.Last {
		s.Hide = p.lesson.facts[l.Steps[i+1].Hide].Value
	}
	if g, err := strconv.ParseFloat(guess, 64); err == nil {
		s.Verdict = p.verdict(step, g)
	}
}

// verdict compares a guess with the run, kindly.
func (p *picture) verdict(step *lessons.Step, guess float64) string {
	lang := p.desk.View.Lang.String()
	say := func(en, ja string, args ...any) string {
		return fmt.Sprintf(lessons.Text{EN: en, JA: ja}.In(lang), args...)
	}
	if step.Choose != nil {
		right := int(p.lesson.facts[step.Choose.Right].Value)
		if int(guess) == right {
			return say("Right.", "正解です。")
		}
		return say("You: %s. It is: %s.", "あなたの答え:%s。正解:%s。",
			p.fill(step.Choose.Options[int(guess)]), p.fill(step.Choose.Options[right]))
	}
	truth := p.lesson.facts[step.Mark.Truth]
	off := truth.Value - guess
	switch {
	case math.Abs(off) <= 2:
		return say("Right, to within %.1f s.", "正解です(差は %.1f 秒)。", math.Abs(off))
	case off > 0:
		return say("You: %s. It: %s, %.0f s later.", "あなたの予想:%s。実際:%s、%.0f 秒後でした。",
			lessons.Clock(guess), truth.Text, off)
	}
	return say("You: %s. It: %s, %.0f s earlier.", "あなたの予想:%s。実際:%s、%.0f 秒前でした。",
		lessons.Clock(guess), truth.Text, -off)
}

// difference is what a comparison with the run that was kept has found.
type difference struct {
	On   bool     `json:"on"`
	Text string   `json:"text"`
	At   float64  `json:"at"`
	B    trace.ID `json:"event"` // of the run on the desk
}

// fork keeps the run on the desk to compare with those that follow, or ends the comparison.
func (p *picture) fork(json.RawMessage) (any, error) {
	if !p.desk.Fork() {
		return difference{}, nil // the comparison has ended
	}
	return difference{On: true, Text: p.in(lessons.Text{
		EN: "This run is kept as A. Change something: cut, heal, a setting. " +
			"The first difference is named.",
		JA: "この実行を A として保存しました。切る、つなぐ、設定を変えるなどしてください。最初の違いを示します。"})}, nil
}

// compared says where the run on the desk parts from the one that was kept.
func (p *picture) compared(json.RawMessage) (any, error) {
	d, ok := p.desk.Difference()
	switch {
	case !ok:
		return difference{}, nil
	case !d.Found:
		return difference{On: true, Text: p.in(lessons.Text{EN: "First difference: none.",
			JA: "最初の違い:なし。"})}, nil
	}
	out := difference{On: true, At: seconds(d.At), B: d.B}
	out.Text = p.in(lessons.Text{EN: "First difference, in B: ", JA: "最初の違い(B):"})
	if d.B != 0 {
		out.Text += p.desk.RowText(d.B)
	}
	return out, nil
}
