package lessons

import (
	"time"

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
		Steps:    cableSteps,
		Limits: Text{"The client is Go's paho library; others wait longer or shorter. A real cut is " +
			"sometimes announced: by the machine's own interface going down, or by a router's ICMP message.",
			"クライアントは Go の paho です。待つ長さはライブラリーで違います。実際の切断は、自分のインターフェースの停止や" +
				"ルーターの ICMP で知らされることもあります。"},
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
			{"the old connection's data is answered with RST, after the client is back",
				func(f Facts) bool { return f["ghost"].Value > f["back"].Value }},
		},
	}
}

// cableSteps begin with something to do; a question comes when its consequence is seen.
var cableSteps = []Step{{
	Text: Text{"A client listens to a broker. Both think that they are connected, and they are " +
		"right: once a minute a PINGREQ and its answer prove it. Press play. Then cut the wire.",
		"クライアントがブローカーを購読しています。どちらも「つながっている」と思っていて、今はそのとおりです。" +
			"1分に一度、PINGREQ とその返事がそれを確かめます。再生して見たら、線を切ってください。"},
	Hide: "cut", Act: ActCut, Watch: "unaware",
}, {
	Text: Text{"The wire was cut at {cut}, and nobody was told. The kernels' probes die on the " +
		"way; client and broker still think that they are connected. From now on what they " +
		"believe is not so.",
		"線は {cut} に切れましたが、誰にも知らされません。カーネルのプローブは途中で消え、クライアントもブローカーも、" +
			"まだつながっていると思っています。ここから、思っていることと事実が食い違います。"},
	Ask: Text{"When will the client notice? Put the marker.",
		"クライアントはいつ気づくでしょう? 印を置いてください。"},
	Hide: "unaware", Watch: "lost",
	Mark: &Mark{From: 92, To: 212, Grain: 1, Truth: "lost"},
	Answer: []Text{{"The client gave up at {lost}, {after} after the cut. Nothing had told it: " +
		"its PINGREQ of {ping} was not answered, and {waited} later it drew its conclusion.",
		"クライアントが切れたと判断したのは {lost}、切断の {after}後です。誰かが知らせたのではありません。{ping} に" +
			"送った PINGREQ に返事がなく、{waited}待ってそう結論したのです。"},
		{"Another library, another answer: this is paho for Go, with a keepalive of 60 s. paho " +
			"for Python would need up to two keepalives.",
			"ライブラリーが違えば答えも違います。これは Go の paho、キープアライブは 60 秒です。Python の paho なら" +
				"最長でキープアライブの2倍かかります。"}},
	Event: "lost-event",
}, {
	Text: Text{"The client knows, and calls into the void. The wire will be whole again at " +
		"{healed}.", "クライアントは気づき、誰にも届かない接続を試み続けます。線は {healed} に直ります。"},
	Ask: Text{"When is the client connected again?",
		"クライアントが再び接続できるのはいつでしょう?"},
	Hide: "healed", Watch: "back",
	Mark: &Mark{From: 183, To: 273, Grain: 1, Truth: "back"},
	Answer: []Text{{"At {back}, {late} after the repair. The client called, not the broker: " +
		"only the client knows an address to call; a broker can only listen. It had closed the old " +
		"session at {closed}, after one and a half keepalives of silence.",
		"{back}、修復の {late}後です。接続し直したのはブローカーではなくクライアントです。相手のアドレスを知っているのは" +
			"クライアントだけで、ブローカーは待つことしかできません。そのブローカーは、キープアライブの 1.5 倍の沈黙の後、" +
			"{closed} に古いセッションを閉じていました。"}},
	Event: "back-event",
}, {
	Text: Text{"A sensor's reading is published each minute, {sent} in all.",
		"センサーの値が毎分、全部で {sent} 件発行されます。"},
	Ask:  Text{"How many never reach the client?", "クライアントに届かないのは何件でしょう?"},
	Hide: "back", Watch: "heard",
	Choose: &Choice{Right: "lost-count", Options: []Text{{"none", "0件"}, {"one", "1件"},
		{"two", "2件"}, {"three", "3件"}}},
	Answer: []Text{{"Lost: {lost-count}. The broker had handed it to the old connection; its " +
		"kernel repeated it until the wire was whole, and reached a client that had closed that " +
		"connection long ago: RST. For {lie} somebody had believed in a dead line.",
		"失われたのは {lost-count} 件です。ブローカーはそれを古い接続に渡し、カーネルは線が直るまで再送しましたが、届いた先の" +
			"クライアントはその接続をとうに閉じていて、RST で答えました。{lie}の間、誰かが死んだ線を信じていました。"},
		{"Now it is your wire: cut it anywhere, change the keepalive in the settings, and see " +
			"what becomes of the messages.",
			"ここからは自由です。好きなところで線を切り、設定でキープアライブを変えて、メッセージがどうなるか確かめてください。"}},
	Event: "ghost-event",
}}

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
	f.instant("unaware", begin.Add(unaware))
	ghost := ghostRST(tr)
	f.instant("ghost", at(tr, ghost))
	f.event("ghost-event", ghost)
	heard := first(tr, at(tr, ghost), by(trace.ClientMessage, "client"))
	f.instant("heard", at(tr, heard))
	return f
}

// unaware is how long after the cut the first question is asked: long enough to see the kernels'
// probes die, and that nobody minds.
const unaware = 25 * time.Second
