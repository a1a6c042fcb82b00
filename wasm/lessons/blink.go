package lessons

import (
	"halfopen/netmodel"
	"halfopen/sim/trace"
)

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
			Text: Text{"A phone listens to a hub, which has a message for it each minute. At {cut} the " +
				"wire is cut for five seconds, just before a message leaves.",
				"スマホがハブを購読していて、ハブからは毎分メッセージが届きます。{cut}、次のメッセージが出る直前に、" +
					"線が5秒だけ切れます。"},
			Ask:  Text{"What becomes of it?", "どうなるでしょう?"},
			Hide: "cut", Watch: "arrived",
			Choose: &Choice{Right: "right", Options: []Text{
				{"The phone has to connect again", "スマホが再接続する"},
				{"The message is lost", "メッセージが失われる"},
				{"Nothing is lost; the message is late", "何も失われない。メッセージが遅れるだけ"}}},
			Answer: []Text{{"Nothing was lost and nobody connected again. The hub's kernel sent the " +
				"message {copies} times, each time waiting twice as long, and it arrived {delay} after it " +
				"was published: {over} after the wire was whole. MQTT never knew.",
				"何も失われず、再接続もありません。ハブのカーネルが、待ち時間を倍にしながら {copies} 回送り、メッセージは" +
					"発行の {delay}後、線が直ってから {over}後に届きました。MQTT は何も気づいていません。"}},
			Event: "arrival",
		}},
		Limits: Text{"The waiting is Linux's: 200 ms at least before the first repetition. RFC 6298 " +
			"asks for 1 s; Windows and small stacks differ, and give up sooner.",
			"待ち時間は Linux のもので、最初の再送まで最短 200 ms です。RFC 6298 は 1 秒を求め、Windows や組み込みの" +
				"スタックでは値も、あきらめる時期も違います。"},
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
	f.instant("arrived", at(tr, arrival))
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
