package lessons

import (
	"fmt"
	"time"

	"halfopen/netmodel"
	"halfopen/sim/metrics"
	"halfopen/sim/trace"
)

// silent is a client behind a NAT that forgets after 350 s, and a message at 500 s.
func silent(keepalive, tcpKeepalive string) string {
	return fmt.Sprintf(`# Behind a NAT that forgets after 350 s. Nobody cuts anything.
seed 7
run 30m
broker hub tcp-keepalive=off
nat box timeout=350s
client door keepalive=%s tcp-keepalive=%s
link door box latency=2ms
link box hub latency=18ms
at 1s door subscribe cmd/#
at 500s hub publish cmd/open "now"
`, keepalive, tcpKeepalive)
}

func silentNAT() Lesson {
	return Lesson{
		Title: Text{"The silent NAT", "黙って忘れるNAT"},
		Variants: []Variant{{"off", silent("600s", "off")}, {"go", silent("600s", "15s")},
			{"290", silent("290s", "off")}},
		Facts: natFacts,
		Steps: []Step{{
			Text: Text{"A door opener behind a NAT that forgets idle connections after 350 s. Keepalive " +
				"600 s, and no TCP keepalive, as in a C program. At 8:20 the hub says \"open\". Nobody " +
				"cuts anything.",
				"NAT の内側にあるドアです。NAT は 350 秒使われない接続を忘れます。キープアライブは 600 秒、TCP キープアライブは" +
					"なし(C のプログラムのように)。8:20 にハブが「開け」と言います。線は誰も切りません。"},
			Ask:  Text{"Does the door open?", "ドアは開くでしょうか?"},
			Hide: "forgot",
			Choose: &Choice{Right: "right", Options: []Text{{"yes", "開く"},
				{"later", "遅れて開く"}, {"no", "開かない"}}},
			Answer: []Text{{"No. At {forgot} the NAT had forgotten, and told nobody. The hub's kernel " +
				"sends into silence; the door learns of it at {learns}, when it asks by itself.",
				"開きません。NAT は {forgot} に忘れ、誰にも知らせませんでした。ハブのカーネルは沈黙に向かって送り続け、" +
					"ドアは自分から聞いた {learns} に初めて知ります。"},
				{"With Go's own TCP keepalive it opens after {delay-go}: {probes} packets an hour keep " +
					"the NAT awake. With a keepalive of 290 s it opens too, for {pings} an hour.",
					"Go の TCP キープアライブがあれば {delay-go} 後に開きます。毎時 {probes} 個のパケットが NAT を起こし続けます。" +
						"キープアライブ 290 秒でも開き、毎時 {pings} 個で済みます。"}},
			Event: "forgot-event",
		}},
		Claims: []Claim{
			{"it opens with Go's TCP keepalive and with keepalive 290, and not without",
				func(f Facts) bool {
					return f["got-off"].Value == 0 && f["got-go"].Value == 1 && f["got-290"].Value == 1
				}},
			{"the NAT forgets 350 s after the last packet, before the message", func(f Facts) bool {
				return f["forgot"].Value > 350 && f["forgot"].Value < 500
			}},
			{"TCP keepalive costs far more packets than MQTT's", func(f Facts) bool {
				return f["probes"].Value > 10*f["pings"].Value
			}},
		},
	}
}

func natFacts(runs Runs) Facts {
	f := Facts{}
	f.count("right", 2)
	tr := runs["off"]
	forgot := first(tr, 0, func(ev *trace.Event) bool { return ev.Kind == netmodel.MappingForgotten })
	f.instant("forgot", at(tr, forgot))
	f.event("forgot-event", forgot)
	f.instant("learns", at(tr, first(tr, at(tr, forgot), by(trace.ClientLost, "door"))))
	for key, tr := range runs {
		f.count("got-"+key, min(1, delivered(tr, "door")))
	}
	m := measure(runs["go"], "door")
	f.length("delay-go", m.Balance.MaxDelay)
	f.count("probes", perHour(m.Traffic, metrics.TCPKeepalive))
	m = measure(runs["290"], "door")
	f.count("pings", perHour(m.Traffic, metrics.Ping))
	return f
}

// delivered counts messages that arrived within a minute of being published: later is too late for
// a door.
func delivered(tr *trace.Trace, client string) int {
	n := 0
	for i := range tr.Events {
		ev := &tr.Events[i]
		if by(trace.ClientMessage, client)(ev) && ev.App.Message > 0 {
			m := &tr.Messages[ev.App.Message-1]
			if ev.At.Sub(at(tr, m.Published)) < time.Minute {
				n++
			}
		}
	}
	return n
}

func perHour(t metrics.Traffic, kind metrics.TrafficKind) int {
	return int(t.PerDay(t.Packets[kind])/24 + 0.5)
}

// wish is a sensor with a keepalive, cut just after its line was last heard of.
func wish(keepalive int) Variant {
	return Variant{fmt.Sprint(keepalive),
		fmt.Sprintf(`# Keepalive %d s, a NAT that forgets after 350 s; the line dies for good.
seed 7
run 1h30m
broker hub tcp-keepalive=off
nat box timeout=350s
client sensor keepalive=%ds ping-timeout=10s tcp-keepalive=off max-reconnect-interval=1m
link sensor box latency=30ms
link box hub latency=30ms
at 1s sensor subscribe cmd/#
at 3100s hub publish cmd/read "now"
at 1h cut sensor box
`, keepalive, keepalive)}
}

func choose() Lesson {
	return Lesson{
		Title:    Text{"Choose a keepalive", "キープアライブを選ぶ"},
		Variants: []Variant{wish(280), wish(340), wish(900)},
		Facts:    chooseFacts,
		Steps: []Step{{
			Text: Text{"A sensor on a mobile network, behind a NAT that forgets after 350 s. The boss " +
				"wants a dead line noticed within 5 minutes and commands to arrive at once. The carrier " +
				"wants at most 4 transmissions an hour.",
				"モバイル回線のセンサーです。NAT は 350 秒で忘れます。上司は5分以内の検知と、命令がすぐ届くことを求め、" +
					"通信事業者は1時間に4回までの送信を求めます。"},
			Ask: Text{"Which keepalive satisfies all?", "すべてを満たすキープアライブは?"},
			Choose: &Choice{Right: "right", Options: []Text{{"280 s", "280 秒"},
				{"340 s", "340 秒"}, {"900 s", "900 秒"}, {"none", "どれも満たさない"}}},
			Answer: []Text{{"None. 280 s: noticed within {worst280}, command delivered: {got280}, " +
				"{wakes280} an hour. 340 s: {worst340}, {got340}, {wakes340} an hour. 900 s: {worst900}, " +
				"{got900}, {wakes900} an hour.",
				"ありません。280 秒:検知まで最長 {worst280}、命令の到着 {got280}、毎時 {wakes280} 回。340 秒:" +
					"{worst340}、{got340}、{wakes340} 回。900 秒:{worst900}、{got900}、{wakes900} 回。"},
				{"There are three honest ways out: pay for more transmissions, give up being reachable, " +
					"or find a carrier whose NAT remembers longer. Write down which wish you gave up.",
					"正直な出口は三つです。送信回数を増やす、呼び出しに応じることをあきらめる、もっと長く覚えている NAT の" +
						"事業者を選ぶ。どの願いをあきらめたかを書き残してください。"}},
		}},
		Claims: []Claim{
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
		},
	}
}

func chooseFacts(runs Runs) Facts {
	f := Facts{}
	f.count("right", 3)
	for _, k := range []int{280, 340, 900} {
		tr, name := runs[fmt.Sprint(k)], fmt.Sprint(k)
		begin := tr.Length
		if n := len(tr.Faults); n > 0 {
			begin = tr.Faults[n-1].Begin
		}
		lost := first(tr, begin, by(trace.ClientLost, "sensor"))
		ping := lastPing(tr, "sensor", at(tr, lost))
		// The worst case is a line that dies just after an answer: then a whole keepalive passes
		// before the next question, and the wait for its answer after that.
		f.length("worst"+name, time.Duration(k)*time.Second+at(tr, lost).Sub(ping))
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
