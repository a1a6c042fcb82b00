package lessons

import (
	"fmt"
	"strings"
	"time"

	"halfopen/netmodel"
	"halfopen/sim/trace"
)

// connected is short for the event that several lessons wait for.
const connected = trace.ClientConnected

// ghostSeeds are the seeds of the lesson, the first for the picture, all for the spread.
const ghostSeeds = 6

// ghostVariant is a shorter tunnel, with a seed: other phases of timers, the same story. The cut
// ends before the hub's kernel has given the old connection up, or nothing would come back.
func ghostVariant(seed int) Variant {
	text := strings.Replace(tunnel, "for two minutes", "for 100 seconds", 1)
	text = strings.Replace(text, "for 116s", "for 100s", 1)
	return Variant{fmt.Sprint(seed), strings.Replace(text, "seed 7", fmt.Sprint("seed ", seed), 1)}
}

func ghost() Lesson {
	l := Lesson{
		Title: Text{"The ghost", "古い接続の亡霊"},
		Facts: ghostFacts,
		Steps: []Step{{
			Text: Text{"A tunnel once more. The phone is back on a new connection at {back}. On the " +
				"hub the old one is still dying: its kernel repeats old data and a FIN, and now they get " +
				"through.",
				"もう一度トンネルです。電話は {back} に新しい接続で復帰しました。ハブでは古い接続がまだ終わっておらず、" +
					"カーネルが古いデータと FIN を再送しています。それが今、届きます。"},
			Ask:  Text{"What does the phone's kernel answer?", "電話のカーネルは何と答えるでしょう?"},
			Hide: "back",
			Choose: &Choice{Right: "right", Options: []Text{
				{"ACK: it thanks", "ACK:受け取る"}, {"RST: it knows no such connection", "RST:そんな接続は知らない"},
				{"nothing", "何も答えない"}}},
			Answer: []Text{{"RST, at {rst}: the phone closed that socket long ago. The new connection " +
				"does not feel it, it has another port. The data in the ghost is gone for ever.",
				"{rst} に RST です。電話はそのソケットをとうに閉じています。新しい接続は別のポートなので影響を受けません。" +
					"亡霊が運んでいたデータは永遠に失われます。"},
				{"Why {after} after the reconnect? That is where the retransmission timer happened to " +
					"stand. With other seeds: {spread}.",
					"なぜ再接続の {after} 後なのでしょう? 再送タイマーがたまたまそこにあったからです。シードを変えると:" +
						"{spread}。"}},
			Event: "rst-event",
		}},
		Claims: []Claim{
			{"the ghost is answered with RST", func(f Facts) bool { return f["rst-event"].Value > 0 }},
			{"the RST does no harm: nothing is lost after it and nobody connects again",
				func(f Facts) bool { return f["harm"].Value == 0 }},
			{"over seeds the delay differs by more than a second",
				func(f Facts) bool { return f["range"].Value > 1 }},
		},
	}
	for seed := 1; seed <= ghostSeeds; seed++ {
		l.Variants = append(l.Variants, ghostVariant(seed))
	}
	return l
}

// ghostRST is the answer of the client's kernel to a segment of a connection it has forgotten.
func ghostRST(tr *trace.Trace) trace.ID {
	_, end := cutOf(tr)
	return first(tr, end, func(ev *trace.Event) bool {
		return ev.Kind == netmodel.SegmentSent && ev.Seg.Flags.Has(netmodel.RST) &&
			ev.Seg.Dst.Port == 1883
	})
}

func ghostFacts(runs Runs) Facts {
	f := Facts{}
	f.count("right", 1)
	var spread []string
	var low, high time.Duration
	for seed := 1; seed <= ghostSeeds; seed++ {
		tr := runs[fmt.Sprint(seed)]
		_, end := cutOf(tr)
		back := at(tr, first(tr, end, by(connected, "phone")))
		rst := ghostRST(tr)
		after := at(tr, rst).Sub(back)
		if seed == 1 {
			f.instant("back", back)
			f.instant("rst", at(tr, rst))
			f.event("rst-event", rst)
			f.length("after", after)
			f.count("harm", int(first(tr, at(tr, rst), by(trace.ClientLost, "phone"))))
			low, high = after, after
			continue
		}
		if rst == 0 {
			continue // in this run the phone's old connection spoke first
		}
		low, high = min(low, after), max(high, after)
		spread = append(spread, fmt.Sprintf("%.1f s", after.Seconds()))
	}
	f.length("range", high-low)
	f["spread"] = Fact{float64(len(spread)), strings.Join(spread, ", ")}
	return f
}

// intoNothing is a publisher that is cut off while it publishes.
func intoNothing(qos int) string {
	return fmt.Sprintf(`# A sensor publishes every 5 s; its wire is cut for a minute. QoS %d.
seed 7
run 4m
broker hub
client sensor keepalive=30s ping-timeout=10s session=kept
client reader host=hub keepalive=1h
link sensor hub latency=10ms
at 1s reader subscribe cab/# qos=%d
every 5s from 32s sensor publish cab/speed "{n}" qos=%d
at 60s cut sensor hub for 1m
`, qos, qos, qos)
}

func success() Lesson {
	return Lesson{
		Title:    Text{"Success into nothing", "「送信成功」の行き先"},
		Variants: []Variant{{"main", intoNothing(0)}, {"qos1", intoNothing(1)}},
		Facts:    successFacts,
		Steps: []Step{{
			Text: Text{"A sensor publishes a value every 5 s with QoS 0. At {cut} its wire is cut for a " +
				"minute. It goes on publishing: {during} times in that minute.",
				"センサーが5秒ごとに QoS 0 で値を発行します。{cut} に線が1分間切れます。その間も {during} 回発行します。"},
			Ask:  Text{"How many of these report an error?", "そのうちエラーになるのは何回でしょう?"},
			Hide: "cut",
			Choose: &Choice{Right: "right", Options: []Text{{"all", "すべて"},
				{"about half", "半分くらい"}, {"none", "0回"}}},
			Answer: []Text{{"{errors}. Each call succeeded. Of {sent} messages in the whole run {got} " +
				"arrived and {lost} did not: first they went into the kernel's buffer, and died there; " +
				"then, while the library was reconnecting, it dropped them and said nothing.",
				"{errors} 回です。すべての呼び出しが成功しました。全 {sent} 件のうち届いたのは {got} 件、届かなかったのは " +
					"{lost} 件です。最初はカーネルのバッファーに入り、そこで消えました。再接続中はライブラリーが" +
					"黙って捨てました。"},
				{"With QoS 1: {lost1} lost, {twice1} of {sent1} came twice.",
					"QoS 1 では:失われたもの {lost1} 件、{sent1} 件中 {twice1} 件が2回届きました。"}},
			Event: "event",
		}},
		Claims: []Claim{
			{"no publish reports an error", func(f Facts) bool { return f["errors"].Value == 0 }},
			{"messages are lost all the same", func(f Facts) bool { return f["lost"].Value >= 4 }},
			{"the balance is exact", func(f Facts) bool {
				return f["sent"].Value == f["got"].Value+f["lost"].Value
			}},
			{"QoS 1 loses none", func(f Facts) bool { return f["lost1"].Value == 0 }},
		},
	}
}

func successFacts(runs Runs) Facts {
	f, tr := Facts{}, runs["main"]
	begin, end := cutOf(tr)
	f.instant("cut", begin)
	f.count("right", 2)
	during, errors := 0, 0
	var lastSuccess trace.ID
	for i := range tr.Events {
		ev := &tr.Events[i]
		switch {
		case by(trace.ClientPublish, "sensor")(ev) && ev.At >= begin && ev.At < end:
			during++
		case by(trace.ClientPublished, "sensor")(ev) && ev.App.Text != "":
			errors++
		case by(trace.ClientPublished, "sensor")(ev) && ev.At >= begin && lastSuccess == 0:
			lastSuccess = trace.ID(i + 1)
		}
	}
	f.count("during", during)
	f.count("errors", errors)
	f.event("event", lastSuccess)
	sent, got, _ := account(tr)
	f.count("sent", sent)
	f.count("got", got)
	f.count("lost", sent-got)
	sent1, got1, twice := account(runs["qos1"])
	f.count("sent1", sent1)
	f.count("lost1", sent1-got1)
	f.count("twice1", twice)
	return f
}

// account counts messages of the sensor, how many the reader got, and how many more than once. The
// run ends long after the last heal, but a message of the very last second may be under way.
func account(tr *trace.Trace) (sent, got, twice int) {
	copies := make(map[trace.MessageID]int)
	for i := range tr.Events {
		if ev := &tr.Events[i]; by(trace.ClientMessage, "reader")(ev) {
			copies[ev.App.Message]++
		}
	}
	for i := range tr.Messages {
		m := &tr.Messages[i]
		if m.Publisher != "sensor" || at(tr, m.Published) > tr.Length-netmodel.Time(time.Second) {
			continue
		}
		sent++
		switch n := copies[trace.MessageID(i+1)]; {
		case n > 1:
			got, twice = got+1, twice+1
		case n == 1:
			got++
		}
	}
	return sent, got, twice
}
