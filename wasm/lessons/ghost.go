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
			Text: Text{"After a cut the phone is back on a new connection at {back}. But in the hub's " +
				"kernel the old one is still dying: it repeats old data and a FIN, and now they get " +
				"through.",
				"切断の後、スマホは {back} に新しい接続で復帰しました。しかしハブのカーネルでは古い接続がまだ終わっておらず、" +
					"古いデータと FIN を再送し続けています。それが今度は届きます。"},
			Ask:  Text{"What does the phone's kernel answer?", "スマホのカーネルは何と答えるでしょう?"},
			Hide: "back", Watch: "after-rst",
			Choose: &Choice{Right: "right", Options: []Text{
				{"ACK: it takes the data", "ACK:データを受け取る"},
				{"RST: it knows no such connection", "RST:そんな接続は知らない"},
				{"nothing", "何も答えない"}}},
			Answer: []Text{{"RST, at {rst}: the phone closed that socket long ago. The new connection " +
				"does not feel it, it has another port. The data in the ghost is gone for ever.",
				"{rst} に RST を返します。スマホはそのソケットをとうに閉じています。新しい接続は別のポートなので影響を受けません。" +
					"亡霊が運んできたデータは、二度と戻りません。"},
				{"Why {after} after the reconnect? That is where the retransmission timer happened to " +
					"stand. With other seeds: {spread}.",
					"なぜ再接続の {after}後なのでしょう? 再送タイマーがたまたまそこにあったからです。シードを変えると:" +
						"{spread}。"}},
			Event: "rst-event",
		}},
		Limits: Text{"Whether anything is left to haunt depends on the length of the cut and on the " +
			"kernel: Linux gives a closed connection up after some repetitions, others sooner or later.",
			"亡霊が残るかどうかは、切断の長さとカーネル次第です。Linux は閉じた接続の再送を何度かであきらめ、他の OS では" +
				"その時期が違います。"},
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
			f.instant("after-rst", at(tr, rst).Add(time.Second))
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
