package lessons

import (
	"fmt"
	"time"
)

// deafVariant is the tunnel with a kind of session, and a program that subscribes again or does
// not.
func deafVariant(session, resubscribe string) string {
	return fmt.Sprintf(`# The tunnel, with a %s session; the program subscribes again: %s.
seed 7
run 7m
start 2014-12-30T01:00:35Z
broker hub
client phone keepalive=60s ping-timeout=10s session=%s resubscribe=%s
link phone hub latency=10ms
at 1s phone subscribe home/#
every 60s from 66s hub publish home/temp "{unix}"
at 67s cut phone hub for 116s
`, session, resubscribe, session, resubscribe)
}

func deaf() Lesson {
	return Lesson{
		Title: Text{"Connected, but deaf", "つながっているのに聞こえない"},
		Variants: []Variant{{"clean-off", deafVariant("clean", "off")},
			{"clean-on", deafVariant("clean", "on")}, {"kept-off", deafVariant("kept", "off")},
			{"kept-on", deafVariant("kept", "on")}},
		Facts: deafFacts,
		Steps: []Step{{
			Text: Text{"After a cut the phone connects again, with the same client id and a clean " +
				"session. Its program subscribed once, at the start, and does not subscribe again. " +
				"Messages go on each minute.",
				"切断の後、スマホは同じクライアント ID、クリーンセッションで再接続します。プログラムが購読したのは最初の一度だけで、" +
					"購読し直しません。メッセージは毎分発行され続けます。"},
			Ask:  Text{"Do messages reach it again?", "メッセージは再び届くでしょうか?"},
			Hide: "back", Watch: "silence",
			Choose: &Choice{Right: "right", Options: []Text{
				{"Yes, the broker knows its id", "届く。ブローカーは ID を知っている"},
				{"Yes, the line is whole again", "届く。線は直っている"},
				{"No, none", "1件も届かない"}}},
			Answer: []Text{{"None: connected and deaf for {deafness}, to the end of the run. The id only " +
				"says which drawer; a clean session empties it. The library reported \"connected\" all the " +
				"while.",
				"届きません。つながったまま {deafness}、最後まで何も聞こえません。ID は引き出しの名前にすぎず、" +
					"クリーンセッションはその中身を捨てます。その間ずっと、ライブラリーは「接続中」と言い続けます。"},
				{"Four ways to come back, run one after the other: deaf in exactly one.",
					"戻り方は4通り。順に実行すると、聞こえないのは1つだけです。"}},
			Table: [][]Text{
				{{"messages after the reconnect", "再接続後に届いた件数"},
					{"subscribes again", "購読し直す"}, {"does not", "購読し直さない"}},
				{{"clean session", "クリーンセッション"}, plain("{clean-on}"), plain("{clean-off}")},
				{{"kept session", "セッションを残す"}, plain("{kept-on}"), plain("{kept-off}")}},
			Event: "back-event",
		}},
		Limits: Text{"This is MQTT 3.1.1. In MQTT 5 a clean start and a session expiry interval take " +
			"the place of the clean-session flag; some libraries subscribe again by themselves.",
			"これは MQTT 3.1.1 です。MQTT 5 では Clean Start とセッション有効期限が、クリーンセッションのフラグに代わります。" +
				"自動で購読し直すライブラリーもあります。"},
		Claims: []Claim{
			{"deaf in exactly one of four: clean and not subscribed again", func(f Facts) bool {
				return f["clean-off"].Value == 0 && f["clean-on"].Value > 0 &&
					f["kept-off"].Value > 0 && f["kept-on"].Value > 0
			}},
			{"it is connected all the while", func(f Facts) bool { return f["deafness"].Value > 60 }},
			{"the broker says session present for kept sessions only", func(f Facts) bool {
				return f["present"].Value == 2
			}},
		},
	}
}

// silence is how long one listens to nothing: two messages.
const silence = 130 * time.Second

func deafFacts(runs Runs) Facts {
	f := Facts{}
	f.count("right", 2)
	present := 0
	for key, tr := range runs {
		begin, _ := cutOf(tr)
		back := first(tr, begin, by(connected, "phone"))
		f.count(key, received(tr, "phone", at(tr, back)))
		if ev := tr.Event(back); ev != nil && ev.App.SessionPresent {
			present++
		}
		if key == "clean-off" {
			m := measure(tr, "phone")
			f.length("deafness", m.Deafness)
			f.instant("back", at(tr, back))
			f.instant("silence", at(tr, back).Add(silence))
			f.event("back-event", back)
		}
	}
	f.count("present", present)
	return f
}
