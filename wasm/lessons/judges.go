package lessons

import (
	"fmt"
	"time"

	"halfopen/netmodel"
	"halfopen/sim/metrics"
)

// judges are one cut of 20 minutes, seen by five judges, each asked alone: the settings silence the
// others.
const (
	judgeClient = `# A cut of 20 minutes: the client's library and the broker judge.
seed 7
run 22m
broker hub tcp-keepalive=off
client phone keepalive=60s ping-timeout=10s tcp-keepalive=off auto-reconnect=off
link phone hub latency=10ms
at 1s phone subscribe home/#
at 67s cut phone hub for 20m
`
	judgeProbes = `# The same cut, and no MQTT keepalive: Go's own TCP keepalive judges.
seed 7
run 22m
broker hub tcp-keepalive=off
client phone keepalive=0s tcp-keepalive=15s auto-reconnect=off
link phone hub latency=10ms
at 1s phone subscribe home/#
at 67s cut phone hub for 20m
`
	judgeNAT = `# The same cut behind a NAT, which counts from the last packet of an unanswered one.
seed 7
run 22m
broker hub tcp-keepalive=off
nat box unacked=5m
client phone keepalive=0s tcp-keepalive=off auto-reconnect=off
link phone box latency=2ms
link box hub latency=8ms
at 1s phone subscribe home/#
at 67s cut phone box for 20m
at 68s hub publish home/temp "one"
`
	judgeData = `# The same cut, and a message that nobody acknowledges: the broker's kernel judges.
seed 7
run 22m
broker hub tcp-keepalive=off
client phone keepalive=0s tcp-keepalive=off auto-reconnect=off
link phone hub latency=10ms
at 1s phone subscribe home/#
at 67s cut phone hub for 20m
at 68s hub publish home/temp "one"
`
)

func whoDecides() Lesson {
	return Lesson{
		Title: Text{"Who decides that the line is dead?", "誰が「切れた」と決めるのか"},
		Variants: []Variant{{"main", judgeClient}, {"probes", judgeProbes}, {"nat", judgeNAT},
			{"data", judgeData}},
		Facts: judgeFacts,
		Steps: []Step{{
			Text: Text{"The wire is cut for twenty minutes. Five judges are asked, each alone: the " +
				"client's library, the broker, Go's TCP keepalive, the NAT in between, and a kernel with " +
				"a message that nobody acknowledges.",
				"線が20分間切れます。クライアントのライブラリー、ブローカー、Go の TCP キープアライブ、途中の NAT、" +
					"届かないデータを持つカーネルの5者に、別々に聞きます。"},
			Ask:  Text{"Who is the last to call the line dead?", "最後に「切れた」と言うのは誰でしょう?"},
			Hide: "cut",
			Choose: &Choice{Right: "right", Options: []Text{
				{"the client's library", "クライアントのライブラリー"}, {"the broker", "ブローカー"},
				{"Go's TCP keepalive", "Go の TCP キープアライブ"}, {"the NAT", "NAT"},
				{"the kernel with unsent data", "データを持つカーネル"}}},
			Answer: []Text{{"Client's library: {client}. Broker: {broker}. Go's TCP keepalive: " +
				"{probes}. NAT: {nat} after the last packet it saw. Kernel with data: {data}. \"Dead\" is " +
				"an opinion, and there are five of them; which one you get is a matter of settings.",
				"クライアントのライブラリー:{client}。ブローカー:{broker}。Go の TCP キープアライブ:{probes}。NAT:" +
					"最後のパケットから {nat}。データを持つカーネル:{data}。「切れた」は意見であり、五つあります。" +
					"どれになるかは設定次第です。"}},
			Event: "event",
		}},
		Claims: []Claim{
			{"the order is client, broker, TCP keepalive, NAT, kernel", func(f Facts) bool {
				return f["client"].Value < f["broker"].Value && f["broker"].Value < f["probes"].Value &&
					f["probes"].Value < f["nat"].Value && f["nat"].Value < f["data"].Value
			}},
			{"the client needs at most keepalive, ping timeout and one check", func(f Facts) bool {
				return f["client"].Value > 60 && f["client"].Value <= 80
			}},
			{"the broker needs one and a half keepalives after the last packet", func(f Facts) bool {
				return f["broker"].Value > 80 && f["broker"].Value <= 95
			}},
			{"Go's TCP keepalive needs about 150 s", func(f Facts) bool {
				return f["probes"].Value > 130 && f["probes"].Value < 160
			}},
			{"the kernel needs about a quarter of an hour (tcp_retries2 = 15: 924.6 s at least)",
				func(f Facts) bool {
					return f["data"].Value > 920 && f["data"].Value < 1000
				}},
		},
	}
}

func judgeFacts(runs Runs) Facts {
	f := Facts{}
	begin, _ := cutOf(runs["main"])
	f.instant("cut", begin)
	f.count("right", 4)
	client, event := noticed(runs["main"], "phone", metrics.ClientProgram)
	f.length("client", client)
	f.event("event", event)
	broker, _ := noticed(runs["main"], "phone", metrics.BrokerProgram)
	f.length("broker", broker)
	probes, _ := noticed(runs["probes"], "phone", metrics.ClientKernel)
	f.length("probes", probes)
	data, _ := noticed(runs["data"], "phone", metrics.BrokerKernel)
	f.length("data", data)
	f.length("nat", natForgets(runs))
	return f
}

// natForgets is how long the mapping lived after the last packet that renewed it, which is the
// timer's own account.
func natForgets(runs Runs) time.Duration {
	tr := runs["nat"]
	for i := range tr.Events {
		ev := &tr.Events[i]
		if ev.Kind == netmodel.MappingForgotten {
			armed := tr.Event(ev.Cause)
			for armed != nil && armed.Kind != netmodel.TimerArmed {
				id := armed.Of
				if id == 0 {
					id = armed.Cause
				}
				armed = tr.Event(id)
			}
			if armed != nil {
				return armed.Period
			}
		}
	}
	return 0
}

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
			Text: Text{"The tunnel again: after the cut the phone connects with the same client id, " +
				"with a clean session. This time its program does not subscribe again.",
				"同じトンネルです。電話は切断の後、同じクライアント ID、クリーンセッションで再接続します。" +
					"ただし今回は購読し直しません。"},
			Ask:  Text{"Do messages reach it again?", "メッセージは再び届くでしょうか?"},
			Hide: "back",
			Choose: &Choice{Right: "right", Options: []Text{
				{"Yes, the broker knows its id", "届く。ブローカーは ID を知っている"},
				{"Yes, the line is whole", "届く。線はつながっている"},
				{"No, none", "届かない"}}},
			Answer: []Text{{"None: connected and deaf for {deafness}, to the end. The id only says " +
				"which drawer; clean session empties it. The phone's library reported \"connected\" all " +
				"the while.",
				"届きません。接続したまま {deafness} の間、最後まで何も聞こえません。ID は引き出しの名前にすぎず、" +
					"クリーンセッションは中身を捨てます。その間もライブラリーは「接続中」と言い続けます。"},
				{"Messages after the reconnect: clean and subscribed again {clean-on}, clean and not " +
					"{clean-off}; kept and subscribed again {kept-on}, kept and not {kept-off}. Deaf in " +
					"exactly one of four.",
					"再接続後のメッセージ:クリーンで購読し直す {clean-on}、クリーンで購読し直さない {clean-off}、" +
						"継続で購読し直す {kept-on}、継続で購読し直さない {kept-off}。聞こえないのは4通りのうち1つだけです。"}},
			Event: "back-event",
		}},
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
			f.event("back-event", back)
		}
	}
	f.count("present", present)
	return f
}
