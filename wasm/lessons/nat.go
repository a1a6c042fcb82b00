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
				"600 s, and no TCP keepalive, as in many C programs. At 8:20 the hub says \"open\". Nobody " +
				"cuts anything.",
				"NAT の内側にある電気錠です。NAT は 350 秒使われない接続を忘れます。キープアライブは 600 秒、TCP キープアライブは" +
					"なし(C のプログラムに多い設定)。8:20 にハブが「開け」と言います。線は誰も切りません。"},
			Ask:  Text{"Does the door open?", "ドアは開くでしょうか?"},
			Hide: "forgot", Watch: "learns",
			Choose: &Choice{Right: "right", Options: []Text{{"yes, at once", "すぐに開く"},
				{"yes, a minute or two late", "1、2分遅れて開く"}, {"no", "開かない"}}},
			Answer: []Text{{"No. At {forgot} the NAT had forgotten, and told nobody. The hub's kernel " +
				"sends into silence; the door learns of it at {learns}, when it asks by itself.",
				"開きません。NAT は {forgot} に忘れ、誰にも知らせませんでした。ハブのカーネルは沈黙に向かって送り続け、" +
					"ドアが知るのは、自分から尋ねた {learns} です。"},
				{"Two settings help, at very different prices.",
					"役に立つ設定は二つあり、代償は大きく違います。"}},
			Table: [][]Text{
				{{"setting", "設定"}, {"opens", "開くか"}, {"packets an hour to stay alive", "維持のためのパケット(毎時)"}},
				{{"keepalive 600 s", "キープアライブ 600 秒"}, {"no", "開かない"}, plain("{pings-off}")},
				{{"keepalive 600 s and Go's TCP keepalive (15 s)",
					"キープアライブ 600 秒と Go の TCP キープアライブ(15 秒)"},
					{"after {delay-go}", "{delay-go}後"}, plain("{probes}")},
				{{"keepalive 290 s", "キープアライブ 290 秒"}, {"after {delay-290}", "{delay-290}後"},
					plain("{pings}")}},
			Event: "forgot-event",
		}},
		Limits: Text{"350 s is one cloud's NAT; home routers and mobile networks forget after half a " +
			"minute or after hours. What a packet costs a sleeping radio is not modelled.",
			"350 秒はあるクラウドの NAT の値です。家庭用ルーターやモバイル網では、30 秒から数時間まであります。眠っている無線に" +
				"パケットがいくらかかるかは、モデル化していません。"},
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
	f.milliseconds("delay-go", m.Balance.MaxDelay)
	f.count("probes", perHour(m.Traffic, metrics.TCPKeepalive))
	m = measure(runs["290"], "door")
	f.milliseconds("delay-290", m.Balance.MaxDelay)
	f.count("pings", perHour(m.Traffic, metrics.Ping))
	f.count("pings-off", perHour(measure(runs["off"], "door").Traffic, metrics.Ping))
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
