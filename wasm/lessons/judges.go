package lessons

import (
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
	judgeSlow = `# A cut of 35 minutes, and a keepalive of 20: client's library and broker judge.
seed 7
run 40m
broker hub tcp-keepalive=off
client phone keepalive=1200s ping-timeout=10s tcp-keepalive=off auto-reconnect=off
link phone hub latency=10ms
at 1s phone subscribe home/#
at 67s cut phone hub for 35m
`
)

func whoDecides() Lesson {
	return Lesson{
		Title: Text{"Who decides that the line is dead?", "誰が「切れた」と決めるのか"},
		Variants: []Variant{{"main", judgeClient}, {"probes", judgeProbes}, {"nat", judgeNAT},
			{"data", judgeData}, {"slow", judgeSlow}},
		Facts: judgeFacts,
		Steps: judgeSteps,
		Limits: Text{"The five are asked alone; together, the first to act silences the others. Go's " +
			"TCP keepalive counts only while nothing is unacknowledged: a waiting PINGREQ silences it. " +
			"How long a NAT remembers differs between products.",
			"5者は別々に聞いています。実際には最初に動いた者が他を黙らせます。Go の TCP キープアライブが働くのは未確認の" +
				"データがない間だけで、返事待ちの PINGREQ があれば黙ります。NAT が覚えている長さは製品で違います。"},
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
			{"with a keepalive of 1200 s TCP keepalive is the first, and the broker needs 1800 s",
				func(f Facts) bool {
					return f["probes"].Value < f["client-slow"].Value &&
						f["client-slow"].Value < f["broker-slow"].Value &&
						f["broker-slow"].Value > 1700 && f["broker-slow"].Value <= 1800
				}},
		},
	}
}

// judgeSteps ask twice, for a short keepalive and a long one.
var judgeSteps = []Step{{
	Text: Text{"The wire is cut for twenty minutes. Five judges are asked when they call the " +
		"line dead, each alone: the client's library, the broker, Go's TCP keepalive, the NAT in " +
		"between, and a kernel with a message that nobody acknowledges.",
		"線が20分間切れます。「切れた」と判断するのはいつか、5者に別々に聞きます。クライアントのライブラリー、ブローカー、" +
			"Go の TCP キープアライブ、途中の NAT、そして確認応答の来ないデータを持つカーネルです。"},
	Ask:  Text{"Who is the last?", "最後になるのは誰でしょう?"},
	Hide: "cut", Watch: "both",
	Choose: &Choice{Right: "right", Options: []Text{
		{"the client's library", "クライアントのライブラリー"}, {"the broker", "ブローカー"},
		{"Go's TCP keepalive", "Go の TCP キープアライブ"}, {"the NAT", "NAT"},
		{"the kernel with unacknowledged data", "確認応答の来ないデータを持つカーネル"}}},
	Answer: []Text{{"The kernel, by far: it repeats the message 15 times before it gives up. " +
		"\"Dead\" is an opinion, and there are five of them; which one you get is a matter of " +
		"settings.",
		"カーネルです。しかも桁違いに遅く、15 回再送してからあきらめます。「切れた」は意見であり、ここには五つあります。" +
			"どれになるかは設定次第です。"}},
	Table: [][]Text{
		{{"judge", "判断する者"}, {"calls the line dead", "「切れた」まで"}},
		{{"client's library (keepalive 60 s)", "クライアントのライブラリー(キープアライブ 60 秒)"},
			plain("{client}")},
		{{"broker (1.5 keepalives)", "ブローカー(キープアライブの 1.5 倍)"}, plain("{broker}")},
		{{"Go's TCP keepalive", "Go の TCP キープアライブ"}, plain("{probes}")},
		{{"NAT (Linux, unanswered)", "NAT(Linux、応答なし)"}, plain("{nat}")},
		{{"kernel with a message", "データを持つカーネル"}, plain("{data}")}},
	Event: "event",
}, {
	Text: Text{"The same cut, and a keepalive of 1200 s instead of 60: fewer pings, a longer " +
		"battery life.",
		"同じ切断で、キープアライブを 60 秒ではなく 1200 秒にします。PING は減り、電池は長持ちします。"},
	Ask: Text{"Who is the first now?", "今度は誰が最初でしょう?"},
	Choose: &Choice{Right: "right-slow", Options: []Text{
		{"the client's library", "クライアントのライブラリー"}, {"the broker", "ブローカー"},
		{"Go's TCP keepalive", "Go の TCP キープアライブ"}}},
	Answer: []Text{{"TCP keepalive: it does not know MQTT's setting and needs {probes} as before, " +
		"where it is switched on. The client's library now needs {client-slow}, the broker " +
		"{broker-slow}.",
		"TCP キープアライブです。MQTT の設定とは無関係に、有効なら前と同じ {probes}です。クライアントのライブラリーは " +
			"{client-slow}、ブローカーは {broker-slow}かかります。"}},
}}

func judgeFacts(runs Runs) Facts {
	f := Facts{}
	begin, _ := cutOf(runs["main"])
	f.instant("cut", begin)
	f.count("right", 4)
	client, event := noticed(runs["main"], "phone", metrics.ClientProgram)
	f.length("client", client)
	f.event("event", event)
	broker, closed := noticed(runs["main"], "phone", metrics.BrokerProgram)
	f.length("broker", broker)
	f.instant("both", at(runs["main"], closed))
	f.count("right-slow", 2)
	client, _ = noticed(runs["slow"], "phone", metrics.ClientProgram)
	f.length("client-slow", client)
	broker, _ = noticed(runs["slow"], "phone", metrics.BrokerProgram)
	f.length("broker-slow", broker)
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
