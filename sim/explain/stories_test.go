package explain_test

import (
	"strings"
	"testing"

	"halfopen/sim/explain"
	"halfopen/sim/scenario"
)

// Stories as people tell them, and what their summaries must say, or must not.
var stories = []struct {
	name, text string
	says, not  []string
}{
	{"nobody", "host a\nhost b\nlink a b\n",
		[]string{"No client called.", "was never connected", "None was published"},
		[]string{"It called"}},
	{"no way", "broker hub\nclient phone\n",
		[]string{"network is unreachable", "It never got through.", "never connected"},
		[]string{"no connection was lost", "subscription in it was always there"}},
	{"no subscription", "broker hub\nclient phone\nlink phone hub\n",
		[]string{"called once, at the start", "the client had no subscription"}, nil},
	{"killed and started", `
broker hub
client phone
link phone hub
at 1s phone subscribe a
at 20s phone kill for 20s
`, []string{"It called 2 times in all, and lost no connection", "program ended"}, nil},
	{"two of one id", `
run 1m
broker hub
client left id=x max-reconnect-interval=2s
client right id=x start=10s max-reconnect-interval=2s
link left hub
link right hub
at 1s left subscribe cmd
at 11s right subscribe cmd
every 5s from 20s hub publish cmd "{n}"
`, []string{"It lost its connection", "what follows is about the first", "left called",
		"Of 2 clients that call over the network, this is about left.",
		"8 sent, for 16 deliveries =", "Lost at the broker, which had forgotten the session"},
		[]string{"calls were made in this run", "in the broker's queue"}},
	{"the mapping came back", `
seed 7
run 12m
broker hub tcp-keepalive=off
nat cgn timeout=4m
client meter keepalive=10m tcp-keepalive=off
link meter cgn latency=30ms
link cgn hub
at 1s meter subscribe meter/cmd qos=1
at 8m hub publish meter/cmd "read" qos=1
`, []string{"The client's program: at 10:20.161, while the path was open"}, nil},
	{"lifts", `
run 10m
broker hub
client door keepalive=30s
link door hub latency=30ms
every 20s from 5s door publish door "{n}" qos=1
every 2m from 70s cut door hub for 40s
`, []string{"The client's program: at 1:45.120, 35.1 s after"}, []string{"9:45."}},
	{"moved", `
run 5m
broker hub
client phone keepalive=60s
link phone hub
at 1s phone subscribe chat
every 10s from 5s hub publish chat "{n}"
at 60s address phone 10.9.9.9
`, []string{"No segment of it was answered: the kernel of hub sent PUBLISH again until"},
		[]string{"There was none"}},
	{"no power", `
run 4m
broker hub
client pump keepalive=30s will=pump:gone
link pump hub
at 60s power-off pump for 90s
`, []string{"It called 2 times in all", "It was half-open for 15.1 s: pump left it at 1:00.000"},
		[]string{"TCP repaired", "There was none"}},
	{"one way", `
run 5m
broker hub
client logger keepalive=60s
link logger hub
every 5s from 5s logger publish log "{n}"
at 63s cut logger > hub for 100s
`, []string{"that nobody had subscribed to"}, []string{"There was none", "before anybody"}},
}

func TestStories(t *testing.T) {
	for _, c := range stories {
		t.Run(c.name, func(t *testing.T) {
			s, err := scenario.Parse(c.name, c.text)
			if err != nil {
				t.Fatal(err)
			}
			tr := play(t, s)
			text := explain.Summary(tr, "", explain.EN)
			for _, want := range c.says {
				if !strings.Contains(text, want) {
					t.Errorf("the summary does not say %q:\n%s", want, text)
				}
			}
			for _, not := range c.not {
				if strings.Contains(text, not) {
					t.Errorf("the summary says %q:\n%s", not, text)
				}
			}
			for l := range explain.NumLangs {
				checkSentence(t, explain.Summary(tr, "", l))
			}
		})
	}
}
