//go:build gui

package main

import (
	"slices"
	"strings"
	"testing"

	"halfopen/render"
	"halfopen/render/words"
	"halfopen/sim"
	"halfopen/sim/trace"
)

// The widgets speak the view's language, their words fit into their boxes, and what can be done to
// a selected segment is offered and can be done.
func TestWidgetsSpeakBothLanguages(t *testing.T) {
	src, err := openSource("seed")
	if err != nil {
		t.Fatal(err)
	}
	tr, err := sim.RunScenario(src.scenario, sim.Options{})
	if tr == nil {
		t.Fatal(err)
	}
	for lang, say := range map[words.Lang][]string{
		words.EN: {"Play", "Cut", "Undo", "Linear time", "Drop it", "keepalive"},
		words.JA: {"再生", "切断", "元に戻す", "時間を縮めない", "破棄する", "キープアライブ"}} {
		w := newWindow(src)
		w.desk.View.Lang = lang
		w.desk.Load(tr)
		id := trace.ID(1)
		for len(w.desk.Acts(id)) == 0 {
			id++
		}
		w.desk.Select(id)
		var list render.List
		w.frame(1280, 800, 1, &list)
		var all []string
		for _, c := range w.widgets {
			all = append(all, c.Text)
		}
		for _, it := range list.Items {
			if it.Op != render.OpText || it.Ref == 0 {
				continue
			}
			if r := list.Refs[it.Ref-1]; r.Role == render.RoleWidget &&
				(it.X < r.Box.X || it.X+it.W > r.Box.X+r.Box.W) {
				t.Errorf("%v: %q does not fit into its box", lang, list.Label(&r))
			}
		}
		for _, s := range say {
			if !strings.Contains(strings.Join(all, "\n"), s) {
				t.Errorf("%v: no widget says %q among %q", lang, s, all)
			}
		}
		i := slices.Index(all, words.Get(lang, "act.drop"))
		if w.widgets[i].act(); len(w.desk.History.Edits()) != 1 {
			t.Errorf("%v: dropping the selected segment is no edit", lang)
		}
	}
}
