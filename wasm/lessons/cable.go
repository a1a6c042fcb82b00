package lessons

import (
	"halfopen/netmodel"
	"halfopen/sim/metrics"
	"halfopen/sim/scenarios"
	"halfopen/sim/trace"
)

// seed is the story that started it all, the built-in scenario of that name.
func seed() string {
	text, _ := scenarios.Text("seed")
	return text
}

// tunnel is the same between a phone and a hub, which other lessons change.
const tunnel = `# A subscriber is cut off silently for two minutes. Nobody is told.
seed 7
run 5m
start 2014-12-30T01:00:35Z
broker hub
client phone keepalive=60s ping-timeout=10s session=clean
link phone hub latency=10ms
at 1s phone subscribe home/#
every 60s from 66s hub publish home/temp "{unix}"
at 67s cut phone hub for 116s
`

func cutCable() Lesson {
	return Lesson{
		Title:    Text{"The cut cable", "切られた線"},
		Variants: []Variant{{"main", seed()}},
		Facts:    cableFacts,
		Steps: []Step{{
			Text: Text{"A client listens to a broker. At {cut} the wire between them is cut, and nobody " +
				"is told. Both think that they are connected.",
				"クライアントがブローカーを購読しています。{cut} に線が切れますが、誰にも知らされません。" +
					"どちらも接続中だと思っています。"},
			Ask:  Text{"When does the client notice?", "クライアントはいつ気づくでしょう?"},
			Hide: "cut",
			Mark: &Mark{From: 67, To: 187, Grain: 1, Truth: "lost"},
			Answer: []Text{{"The client gave up at {lost}, {after} after the cut. Nothing had told it: " +
				"its PINGREQ of {ping} was not answered, and {waited} later it drew its conclusion.",
				"クライアントがあきらめたのは {lost}、切断の {after} 後です。誰も知らせていません。{ping} に送った " +
					"PINGREQ に返事がなく、{waited} 後にそう判断したのです。"}},
			Event: "lost-event",
		}, {
			Text: Text{"The wire is whole again at {healed}.", "線は {healed} につながります。"},
			Ask:  Text{"When is the client connected again?", "クライアントが再び接続するのはいつでしょう?"},
			Hide: "healed",
			Mark: &Mark{From: 183, To: 273, Grain: 1, Truth: "back"},
			Answer: []Text{{"At {back}, {late} after the repair. The client called, not the broker: " +
				"only the client knows an address to call; the broker can only listen. It had closed the old " +
				"session at {closed}, after one and a half keepalives of silence.",
				"{back}、修復の {late} 後です。かけ直したのはブローカーではなくクライアントです。相手のアドレスを知っているのは" +
					"クライアントだけで、ブローカーは待つことしかできません。ブローカーは keepalive の1.5倍の沈黙の後、{closed} に" +
					"古いセッションを閉じていました。"}},
			Event: "back-event",
		}, {
			Text: Text{"A sensor's reading comes each minute, {sent} in all.",
				"センサーの値が毎分、全部で {sent} 件届くはずです。"},
			Ask: Text{"How many never reach the client?", "クライアントに届かないのは何件でしょう?"},
			Choose: &Choice{Right: "lost-count", Options: []Text{{"none", "0件"}, {"one", "1件"},
				{"two", "2件"}, {"three", "3件"}}},
			Answer: []Text{{"{lost-count}. For {lie} somebody believed in a line that was dead, and " +
				"what was sent into it, or published without a session, is gone.",
				"{lost-count} 件です。{lie} の間、切れた線がまだ生きていると誰かが思っていました。その間に送られたもの、" +
					"セッションのない間に発行されたものは失われました。"}},
			Event: "lost-event",
		}},
		Claims: []Claim{
			{"the client notices by an unanswered ping, 10 to 15 s after it",
				func(f Facts) bool { return f["waited"].Value >= 9.99 && f["waited"].Value <= 15.1 }},
			{"it notices within keepalive, ping timeout and one check of the cut",
				func(f Facts) bool { return f["after"].Value > 10 && f["after"].Value <= 80 }},
			{"the broker closes the session before the client is back",
				func(f Facts) bool { return f["closed"].Value < f["back"].Value }},
			{"the client is back after the repair, and not at once",
				func(f Facts) bool { return f["late"].Value > 0 && f["late"].Value < 90 }},
			{"one to three messages are lost, which is among the choices",
				func(f Facts) bool { return f["lost-count"].Value >= 1 && f["lost-count"].Value <= 3 }},
		},
	}
}

func cableFacts(runs Runs) Facts {
	f, tr := Facts{}, runs["main"]
	begin, end := cutOf(tr)
	m := measure(tr, "client")
	f.instant("cut", begin)
	f.instant("healed", end)
	lost := first(tr, begin, by(trace.ClientLost, "client"))
	f.instant("lost", at(tr, lost))
	f.event("lost-event", lost)
	f.length("after", at(tr, lost).Sub(begin))
	ping := lastPing(tr, "client", at(tr, lost))
	f.instant("ping", ping)
	f.length("waited", at(tr, lost).Sub(ping))
	back := first(tr, end, by(trace.ClientConnected, "client"))
	f.instant("back", at(tr, back))
	f.event("back-event", back)
	f.length("late", at(tr, back).Sub(end))
	closed, _ := m.Noticed(metrics.BrokerProgram)
	f.instant("closed", closed.At)
	f.count("sent", len(tr.Messages))
	f.count("lost-count", m.Balance.LostTotal())
	f.length("lie", m.Lie.Total)
	return f
}

// blink is the tunnel with a cut so short that nobody but TCP sees it.
const blink = `# The wire is cut for five seconds, just as a message leaves.
seed 7
run 4m
broker hub
client phone keepalive=60s ping-timeout=10s
link phone hub latency=10ms
at 1s phone subscribe home/#
every 60s from 66s hub publish home/temp "{n}"
at 125.5s cut phone hub for 5s
`

func fiveSeconds() Lesson {
	return Lesson{
		Title:    Text{"Five seconds", "5秒だけ"},
		Variants: []Variant{{"main", blink}},
		Facts:    blinkFacts,
		Steps: []Step{{
			Text: Text{"The same phone and hub. At {cut} the wire is cut for five seconds, just before " +
				"a message leaves.",
				"同じ電話とハブです。{cut} に、メッセージが出る直前、線が5秒だけ切れます。"},
			Ask:  Text{"What happens?", "何が起きるでしょう?"},
			Hide: "cut",
			Choose: &Choice{Right: "right", Options: []Text{
				{"The phone connects again", "電話が再接続する"},
				{"The message is lost", "メッセージが失われる"},
				{"Nothing is lost, it is a bit late", "何も失われず、少し遅れる"}}},
			Answer: []Text{{"Nothing was lost and nobody connected again. The hub's kernel sent the " +
				"message {copies} times, each time waiting twice as long, and it arrived {delay} after it " +
				"was published: {over} after the wire was whole. MQTT never knew.",
				"何も失われず、再接続もありません。ハブのカーネルが待ち時間を倍にしながら {copies} 回送り、メッセージは" +
					"発行の {delay} 後、線が直ってから {over} 後に届きました。MQTT は何も知りません。"}},
			Event: "arrival",
		}},
		Claims: []Claim{
			{"nobody connects again", func(f Facts) bool { return f["reconnects"].Value == 0 }},
			{"no message is lost", func(f Facts) bool { return f["lost"].Value == 0 }},
			{"the message comes after the repair, and within 7.5 s", func(f Facts) bool {
				return f["over"].Value > 0 && f["delay"].Value > 4.5 && f["delay"].Value <= 7.5
			}},
			{"it was sent several times", func(f Facts) bool { return f["copies"].Value >= 4 }},
		},
	}
}

func blinkFacts(runs Runs) Facts {
	f, tr := Facts{}, runs["main"]
	begin, end := cutOf(tr)
	m := measure(tr, "phone")
	f.instant("cut", begin)
	f.count("reconnects", m.Reconnects)
	f.count("lost", m.Balance.LostTotal())
	f.count("right", 2)
	arrival := first(tr, begin, by(trace.ClientMessage, "phone"))
	f.event("arrival", arrival)
	f.length("delay", m.Balance.MaxDelay)
	f.length("over", at(tr, arrival).Sub(end))
	copies := 0
	for i := range tr.Events {
		ev := &tr.Events[i]
		if ev.Kind == netmodel.SegmentSent && ev.At >= begin && ev.At <= at(tr, arrival) &&
			len(ev.Seg.Payload) > 0 && ev.Seg.Src.Port == 1883 {
			copies++
		}
	}
	f.count("copies", copies)
	return f
}
