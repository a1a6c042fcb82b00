package lessons

import (
	"fmt"
	"time"

	"halfopen/netmodel"
	"halfopen/sim/metrics"
	"halfopen/sim/trace"
)

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
				"センサーが5秒ごとに QoS 0 で値を発行します。{cut} に線が1分間切れますが、その間も {during} 回発行します。"},
			Ask:  Text{"How many of these calls report an error?", "そのうちエラーを返す呼び出しは何回でしょう?"},
			Hide: "cut", Watch: "late",
			Choose: &Choice{Right: "right", Options: []Text{{"all", "すべて"},
				{"about half", "半分くらい"}, {"none", "1回もない"}}},
			Answer: []Text{{"{errors} of {during}: each call succeeded. First the values went into the " +
				"kernel's buffer and died there with the connection; then, while it was connecting again, " +
				"the library dropped them and said nothing.",
				"{during} 回中 {errors} 回です。すべての呼び出しが成功しました。最初の値はカーネルのバッファーに入り、接続とともに" +
					"消えました。再接続中の値は、ライブラリーが黙って捨てました。"},
				{"\"Published\" with QoS 0 means: handed over. With QoS 1 the library keeps each value " +
					"until the broker confirms it.",
					"QoS 0 の「発行できた」は「渡した」という意味です。QoS 1 なら、ブローカーが確認するまでライブラリーが値を保持します。"}},
			Table: [][]Text{
				{{"values in the whole run", "全体の件数"}, plain("QoS 0"), plain("QoS 1")},
				{{"published", "発行"}, plain("{sent}"), plain("{sent1}")},
				{{"reported as failed", "エラーの報告"}, plain("{errors}"), plain("{errors1}")},
				{{"arrived", "到着"}, plain("{got}"), plain("{got1}")},
				{{"of these twice", "うち2回届いたもの"}, plain("{twice}"), plain("{twice1}")},
				{{"died with the old connection", "古い接続とともに消えたもの"}, plain("{buffer}"),
					plain("{buffer1}")},
				{{"dropped by the library", "ライブラリーが捨てたもの"}, plain("{dropped}"),
					plain("{dropped1}")}},
			Event: "event",
		}},
		Limits: Text{"How much dies with the connection depends on when the cut comes. Other libraries " +
			"may report an error where paho for Go stays silent.",
			"接続とともに消える量は、切れる時期によります。Go の paho が黙っている場面でエラーを返すライブラリーもあります。"},
		Claims: []Claim{
			{"no publish reports an error", func(f Facts) bool { return f["errors"].Value == 0 }},
			{"messages are lost all the same", func(f Facts) bool { return f["lost"].Value >= 4 }},
			{"the balance is exact", func(f Facts) bool {
				return f["sent"].Value == f["got"].Value+f["buffer"].Value+f["dropped"].Value
			}},
			{"some die with the connection, some are dropped by the library", func(f Facts) bool {
				return f["buffer"].Value > 0 && f["dropped"].Value > 0
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
	f.instant("late", end.Add(15*time.Second))
	during := 0
	for i := range tr.Events {
		ev := &tr.Events[i]
		if by(trace.ClientPublish, "sensor")(ev) && ev.At >= begin && ev.At < end {
			during++
		}
	}
	f.count("during", during)
	f.event("event", first(tr, begin, func(ev *trace.Event) bool {
		return by(trace.ClientPublished, "sensor")(ev) && ev.App.Text == ""
	}))
	for suffix, tr := range map[string]*trace.Trace{"": tr, "1": runs["qos1"]} {
		sent, got, twice := account(tr)
		f.count("errors"+suffix, failed(tr, "sensor"))
		f.count("sent"+suffix, sent)
		f.count("got"+suffix, got)
		f.count("lost"+suffix, sent-got)
		f.count("twice"+suffix, twice)
		lost := measure(tr, "sensor").Balance.Lost
		f.count("buffer"+suffix, lost[metrics.SocketBuffer]+lost[metrics.Wire])
		f.count("dropped"+suffix, lost[metrics.ClientQueue])
	}
	return f
}

// failed counts the messages whose publishing ended with an error.
func failed(tr *trace.Trace, actor string) int {
	n := 0
	for i := range tr.Events {
		if ev := &tr.Events[i]; by(trace.ClientPublished, actor)(ev) && ev.App.Text != "" {
			n++
		}
	}
	return n
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
