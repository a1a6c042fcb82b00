package lessons

import (
	"fmt"
	"time"

	"halfopen/sim/trace"
)

// wish is a sensor with a keepalive behind a NAT that remembers for a time, cut just after its line
// was last heard of.
func wish(key string, keepalive int, remembers string) Variant {
	return Variant{key,
		fmt.Sprintf(`# Keepalive %d s, a NAT that forgets after %s; the line dies for good.
seed 7
run 1h30m
broker hub tcp-keepalive=off
nat box timeout=%s
client sensor keepalive=%ds ping-timeout=10s tcp-keepalive=off max-reconnect-interval=1m
link sensor box latency=30ms
link box hub latency=30ms
at 1s sensor subscribe cmd/#
at 3100s hub publish cmd/read "now"
at 1h cut sensor box
`, keepalive, remembers, remembers, keepalive)}
}

// wishes are the settings that are compared: the key of the variant and the keepalive.
var wishes = []struct {
	key       string
	keepalive int
	remembers string
}{{"280", 280, "350s"}, {"340", 340, "350s"}, {"900", 900, "350s"}, {"900-long", 900, "6h"}}

func choose() Lesson {
	l := Lesson{
		Title: Text{"Choose a keepalive", "キープアライブを選ぶ"},
		Facts: chooseFacts,
		Steps: []Step{{
			Text: Text{"A sensor on a mobile network, behind a NAT that forgets after 350 s. The boss " +
				"wants a dead line noticed within 5 minutes, and commands to arrive at once. The carrier " +
				"wants at most 4 transmissions an hour.",
				"モバイル回線のセンサーで、NAT は 350 秒で忘れます。上司は、切れたら5分以内に気づくことと、命令がすぐ届くことを求めます。" +
					"通信事業者は、送信を1時間に4回までと求めます。"},
			Ask: Text{"Which keepalive satisfies all three wishes?",
				"三つの望みをすべて満たすキープアライブはどれでしょう?"},
			Hide: "cut", Watch: "noticed",
			Choose: &Choice{Right: "right", Options: []Text{{"280 s", "280 秒"},
				{"340 s", "340 秒"}, {"900 s", "900 秒"}, {"none of them", "どれも満たさない"}}},
			Event: "lost-event",
			Answer: []Text{{"None: at most 4 an hour means 900 s or more, and that is longer than the " +
				"NAT remembers and than the boss will wait.",
				"どれも満たしません。1時間に4回までなら 900 秒以上になり、NAT の記憶より長く、上司が待てる時間よりも長くなります。"},
				{"Two honest ways out. Pay for {wakes280} transmissions an hour: 280 s does the rest. Or " +
					"keep to 4, notice after {worst900} instead of 5 minutes, and get a NAT that remembers " +
					"for hours, or give up being reachable. Write down which wish you gave up.",
					"正直な出口は二つです。1時間に {wakes280} 回の送信を認めれば、残りは 280 秒で満たせます。4回を守るなら、気づくまで5分では" +
						"なく {worst900}かかることを受け入れ、さらに何時間も覚えている NAT にするか、呼び出しに応じることを" +
						"あきらめます。どの望みをあきらめたかを書き残してください。"}},
			Table: [][]Text{
				{{"keepalive", "キープアライブ"}, {"notices within", "気づくまで(最長)"},
					{"command", "命令"}, {"sent an hour", "送信(毎時)"}},
				{{"280 s", "280 秒"}, plain("{worst280}"), {"arrives", "届く"}, plain("{wakes280}")},
				{{"340 s", "340 秒"}, plain("{worst340}"), {"arrives", "届く"}, plain("{wakes340}")},
				{{"900 s", "900 秒"}, plain("{worst900}"), {"lost or late", "届かない、または遅れる"},
					plain("{wakes900}")},
				{{"900 s, NAT of 6 hours", "900 秒、6時間覚える NAT"}, plain("{worst900-long}"),
					{"arrives", "届く"}, plain("{wakes900-long}")}},
		}},
		Claims: chooseClaims,
		Limits: Text{"The wishes are examples. What a transmission costs depends on the radio, which " +
			"is not modelled; one that sends other data needs fewer pings.",
			"望みは例です。送信の代償は無線によりますが、無線はモデル化していません。" +
				"ほかのデータも送る機器なら、PING は少なくて済みます。"},
	}
	for _, w := range wishes {
		l.Variants = append(l.Variants, wish(w.key, w.keepalive, w.remembers))
	}
	return l
}

var chooseClaims = []Claim{
	{"280 s notices within 5 minutes", func(f Facts) bool { return f["worst280"].Value <= 300 }},
	{"340 s does not, and 900 s even less", func(f Facts) bool {
		return f["worst340"].Value > 300 && f["worst900"].Value > f["worst340"].Value
	}},
	{"below the NAT's time the command arrives, above it does not", func(f Facts) bool {
		return f["got280"].Value == 1 && f["got340"].Value == 1 && f["got900"].Value == 0
	}},
	{"only 900 s keeps to 4 transmissions an hour", func(f Facts) bool {
		return f["wakes280"].Value > 4 && f["wakes340"].Value > 4 && f["wakes900"].Value <= 4
	}},
	{"without the limit of 4 an hour, 280 s satisfies the rest", func(f Facts) bool {
		return f["worst280"].Value <= 300 && f["got280"].Value == 1
	}},
	{"with a NAT that remembers for hours, 900 s satisfies all but the 5 minutes", func(f Facts) bool {
		return f["got900-long"].Value == 1 && f["wakes900-long"].Value <= 4 &&
			f["worst900-long"].Value > 300
	}},
}

func chooseFacts(runs Runs) Facts {
	f := Facts{}
	f.count("right", 3)
	for _, w := range wishes {
		tr, name := runs[w.key], w.key
		begin := tr.Length
		if n := len(tr.Faults); n > 0 {
			begin = tr.Faults[n-1].Begin
		}
		lost := first(tr, begin, by(trace.ClientLost, "sensor"))
		if w == wishes[0] { // the run on the screen
			f.instant("cut", begin)
			f.instant("noticed", at(tr, lost))
			f.event("lost-event", lost)
		}
		ping := lastPing(tr, "sensor", at(tr, lost))
		// The worst case is a line that dies just after an answer: then a whole keepalive passes
		// before the next question, and the wait for its answer after that.
		f.length("worst"+name, time.Duration(w.keepalive)*time.Second+at(tr, lost).Sub(ping))
		f.count("got"+name, min(1, delivered(tr, "sensor")))
		pings := 0
		for i := range tr.Events {
			ev := &tr.Events[i]
			if ev.Kind == trace.Wrote && ev.App.Actor == "sensor" && ev.At < begin {
				pings++
			}
		}
		f.count("wakes"+name, pings-2) // without CONNECT and SUBSCRIBE: one hour of it
	}
	return f
}
