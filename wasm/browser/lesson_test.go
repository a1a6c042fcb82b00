//go:build !js

package browser

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// A reader without a mouse takes all eight lessons from the first question to the last answer, in
// both languages, with WebGL and without, and plays lesson 1 to its end.
func TestBrowserLessonsByKeyboard(t *testing.T) {
	for name, lang := range map[string]string{"en": "en", "ja": "ja", "svg": "en"} {
		t.Run(name, func(t *testing.T) {
			p := openLive(t, "?lang="+lang+"&stage="+name)
			for n := 1; n <= 8; n++ {
				if n > 1 {
					p.press(kb.Enter) // on "next lesson"
				}
				p.until(fmt.Sprintf("halfopen.story.number === %d && halfopen.story.scene.title && "+
					"document.querySelector('#question:not([hidden]) .go')", n))
				p.lesson(lang)
				if n == 1 {
					p.playToTheEnd()
				}
				p.do("document.querySelector('#reveal .go').focus()")
			}
			if n := p.number("[1,2,3,4,5,6,7,8].filter((n) => halfopen.story.done(n)).length"); n != 8 {
				t.Errorf("the page counts %v lessons as taken, want 8", n)
			}
			p.clean()
		})
	}
}

func (p *tab) playToTheEnd() {
	p.t.Helper()
	p.do("halfopen.pic.call('seek', 200); document.querySelector('#player').focus()")
	p.press("5", " ")
	p.until("halfopen.state.at >= halfopen.state.length - 0.001")
	p.shot("lesson-1-end")
}

func (p *tab) press(keys ...string) {
	p.t.Helper()
	for _, k := range keys {
		p.run(chromedp.KeyEvent(k))
	}
}

// lesson answers the open lesson by keyboard, and looks at what it says.
func (p *tab) lesson(lang string) {
	p.t.Helper()
	for step := 0; ; step++ {
		if step > 8 {
			p.t.Fatal("the lesson does not end")
		}
		if asked := p.answer(); asked {
			p.until("document.querySelector('#reveal:not([hidden]) .go') === document.activeElement")
		}
		said := p.text("document.querySelector('#story').textContent")
		if strings.ContainsAny(said, "{}") || strings.Contains(said, "undefined") {
			p.t.Errorf("the story has a gap: %s", said)
		}
		if lang == "ja" && strings.Contains(p.text(
			"document.querySelector('#story-text').textContent"), " the ") {
			p.t.Errorf("in Japanese: %s", said)
		}
		if told := p.text("!document.querySelector('#reveal').hidden") == "true"; !told {
			continue
		}
		if p.text("halfopen.story.scene.last") == "true" {
			return
		}
		p.press(kb.Enter)
	}
}

// answer gives some answer to the open question, or does what is to be done, and does not wait for
// the run: it presses "show me now". It reports whether there was a question.
func (p *tab) answer() (asked bool) {
	p.t.Helper()
	p.until("document.querySelector('#question:not([hidden]) .go')")
	asked = true
	switch p.text("document.querySelector('#question input')?.type ?? 'act'") {
	case "range":
		p.tabTo("#guess")
		p.press(kb.ArrowRight, kb.ArrowRight, kb.Enter)
	case "radio":
		p.tabTo("#question input")
		p.press(" ", kb.Enter)
	default:
		asked = false
		p.tabTo("#question .go")
		p.press(kb.Enter)
	}
	if p.text("Boolean(halfopen.story.coming)") == "true" {
		p.press(kb.Enter) // the focus is on "show me now"
		p.until("!halfopen.story.coming")
	}
	return asked
}

// tabTo presses Tab until the focus is on an element: whoever has no mouse gets there.
func (p *tab) tabTo(selector string) {
	p.t.Helper()
	for range 60 {
		if p.text("Boolean(document.activeElement?.matches('"+selector+"'))") == "true" {
			return
		}
		p.press(kb.Tab)
	}
	p.t.Fatalf("Tab does not lead to %s", selector)
}

// everyRow is the table of all events that may be seen.
const everyRow = "halfopen.pic.call('rows', {From: 0, Count: 1e6, Find: '', All: true}).rows"

// Whoever has answered sees the run come to its answer, and nothing of the future on the way: not
// in the picture, not in the table. What was guessed is marked.
func TestBrowserAnswerIsSeenToCome(t *testing.T) {
	p := openLive(t, "")
	p.until("document.querySelector('#question .go')")
	p.run(chromedp.Click(chromedp.CSS("#cut"))) // the story asks for it: no edit
	p.until("halfopen.story.coming")
	if edits := p.number("halfopen.state.edits.length"); edits != 0 {
		t.Errorf("the cut that the story asks for is an edit of its run")
	}
	p.until("document.querySelector('#guess')")
	p.do("const g = document.querySelector('#guess'); g.value = 130; g.oninput(); " +
		"document.querySelector('#question').requestSubmit()")
	p.until("halfopen.state.playing && halfopen.pic.call('state').at > 95")
	late := p.number(everyRow + ".filter((r) => r.at > halfopen.pic.call('state').at).length")
	if late > 0 {
		t.Errorf("on the way the table lists %v events of the future", late)
	}
	p.until("document.querySelector('#reveal:not([hidden])')")
	if at := p.number("halfopen.state.at"); at < 139 || at > 141 {
		t.Errorf("the answer comes at %.3f s, want the loss at 140 s", at)
	}
	tree := string(p.cdp("Accessibility.getFullAXTree", nil))
	if v := p.text("document.querySelector('.verdict').textContent"); !strings.Contains(tree, v) {
		t.Error("assistive technology does not hear the answer")
	}
	p.until("document.querySelector('#live').textContent.includes('10 s')")
	if v := p.text("document.querySelector('.verdict').textContent"); !strings.Contains(v, "10 s") {
		t.Errorf("a guess that is 10 s early is judged %q", v)
	}
	p.clean()
}

// Before an answer nothing that a reader can get at holds later events: the picture as SVG, the
// table, the description, the slider.
func TestBrowserNothingLeaks(t *testing.T) {
	p := openLive(t, "?stage=svg")
	for n := 1; n <= 8; n++ {
		p.do(fmt.Sprintf("halfopen.story.progress = {}; await halfopen.lesson(%d)", n))
		p.until("document.querySelector('#question:not([hidden]) .go')")
		p.do("halfopen.pic.call('seek', 1e6)")
		p.settled()
		hide := p.number("halfopen.story.scene.hide")
		if at := p.number("halfopen.pic.call('state').at"); hide > 0 && at > hide {
			t.Errorf("lesson %d: the playhead gets to %.1f s, behind the question at %.1f s", n, at, hide)
		}
		late := p.number(everyRow + fmt.Sprintf(".filter((r) => r.at > %g).length", hide))
		if late > 0 && hide > 0 {
			t.Errorf("lesson %d: the table lists %v later events", n, late)
		}
		if text := p.text("document.querySelector('#canvas').textContent"); n == 1 &&
			strings.Contains(text, "LOST") {
			t.Errorf("lesson 1: the picture shows a loss before the cut")
		}
	}
	p.clean()
}

// A lesson goes on where it was left, at whatever step that was: there is always a way on.
func TestBrowserResumesALesson(t *testing.T) {
	p := openLive(t, "")
	for n := 1; n <= 3; n++ {
		for step := range 4 {
			p.do(fmt.Sprintf("halfopen.story.progress = {%d: %d}; await halfopen.lesson(%d)", n, step, n))
			if p.text("Boolean([...document.querySelectorAll('#question .go, #reveal .go')]"+
				".find((b) => b.checkVisibility()))") != "true" {
				t.Errorf("lesson %d, left at step %d, has no way on", n, step)
			}
		}
	}
	p.clean()
}

// settled waits for the painter of SVG.
func (p *tab) settled() {
	p.t.Helper()
	p.do("for (let i = 0; i < 3; i++) await new Promise(requestAnimationFrame)")
}

// A term of the story says what it means, in both languages, by keyboard; a press on a badge says
// what is a model.
func TestBrowserGlossaryAndBadges(t *testing.T) {
	p := openLive(t, "?lang=en")
	p.tabTo("#story-text .term")
	p.press(kb.Enter)
	p.until("!document.querySelector('#term').hidden")
	text := p.text("document.querySelector('#term').textContent")
	if !strings.Contains(text, "MQTT 3.1.1") {
		t.Errorf("a term of the story is explained by %q", text)
	}
	p.shot("glossary")
	p.press(kb.Escape)
	p.until("document.querySelector('#term').hidden")
	p.do("halfopen.pressed({ role: 'app' })")
	if p.text("document.querySelector('#limits').open") != "true" {
		t.Error("a press on a badge does not say what this does not show")
	}
	if text := p.text("document.querySelector('#badges').textContent"); !strings.Contains(text,
		"REAL eclipse/paho.mqtt.golang v") || !strings.Contains(text, "kernel MODEL") {
		t.Errorf("the badges say %q", text)
	}
	p.do("halfopen.dialogs.open('help')")
	if n := p.number("document.querySelectorAll('.glossary dt').length"); n < 40 {
		t.Errorf("the help lists %v terms, want 40 and more", n)
	}
	p.clean()
}

// A segment in flight can be acted on, and every change is listed with a way back.
func TestBrowserActOnASegment(t *testing.T) {
	p := openLive(t, "?lang=en")
	first := p.text("halfopen.info.hash")
	p.do("halfopen.story.hide(0)")
	p.do("const all = halfopen.pic.call('rows', {From: 0, Count: 1e6, Find: 'publish', " +
		"All: true}).rows; halfopen.select(all.find((r) => halfopen.pic.call('acts', r.id).length).id)")
	p.until("document.querySelector('#why-acts button')")
	p.run(chromedp.Click(chromedp.CSS("#why-acts button")))
	p.ran(1)
	if p.text("halfopen.info.hash") == first {
		t.Error("a dropped PUBLISH changes nothing")
	}
	if n := p.number("document.querySelectorAll('#changes:not([hidden]) li').length"); n != 1 {
		t.Errorf("%v changes are listed, want 1", n)
	}
	if text := p.text("document.querySelector('#badges').textContent"); !strings.Contains(text,
		"paho.mqtt.golang v") {
		t.Errorf("of a run in the page the badges say %q", text)
	}
	p.shot("changed")
	p.run(chromedp.Click(chromedp.CSS("#changes-back")))
	p.ran(2)
	if p.text("halfopen.info.hash") != first {
		t.Error("the way back does not lead to the first run")
	}
	p.clean()
}
