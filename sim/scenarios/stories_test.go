package scenarios

import (
	"regexp"
	"testing"
)

// Each recorded run shows what its file tells: a change of the model may move every number in a
// transcript, but not the point of it.
func TestTranscriptsTellTheirStories(t *testing.T) {
	const line = `(?m)^ *[0-9.]+  `
	for name, tells := range map[string][]string{
		"seed": {
			line + `client:1 > broker +PINGREQ  x the link is cut$`,
			line + `client +lost: pingresp not received`,
			line + `client:\d > broker +SYN  \(again, \d\w\w time\)$`,
			line + `broker:1 > client +PUBLISH sensor/1 q0  \(again, \d+th time\)$`,
			line + `client:1 > broker +RST$`,
		},
		"seed-go": {
			`(?m)^ *18\d\.\d+  client:\d > broker +SYN  \(again, 9th time\)  x the link is cut$`,
			`(?m)^ *19\d\.\d+  client +connected, no session present$`,
		},
		"seed-short": {
			line + `broker:1 > client +PUBLISH sensor/1 q0  \(again, \d\w\w time\)$`,
			line + `client +got 1419926642, `,
		},
		"seed-keepalive": {
			line + `client:1 > broker +PINGREQ  x the link is cut$`,
			line + `client:1 > broker +PINGREQ  \(again, \d\w\w time\)$`,
			line + `broker:1 > client +PINGRESP$`,
		},
		"deaf":         {`(?m)^ *24\d\.\d+  client:\d > broker +PINGREQ$`},
		"kept-session": {line + `client +connected, session present$`},
		"ghost-fin": {
			line + `broker:1 > client +FIN  x the link is cut$`,
			line + `broker:1 > client +PUBLISH \+ DISCONNECT \+ FIN  \(again, \d+th time\)$`,
			line + `client:1 > broker +RST$`,
		},
		"goodbye": {
			line + `client:1 > broker +DISCONNECT$`,
			line + `client:1 > broker +FIN$`,
			line + `broker:1 > client +FIN$`,
		},
		"idle": {`(?m)^ *5\d\d\.\d+  client:1 > broker +PINGREQ$`},
	} {
		s, ok := Get(name)
		if !ok {
			t.Fatalf("no scenario %s", name)
		}
		rest := s.Transcript
		for _, re := range tells {
			at := regexp.MustCompile(re).FindStringIndex(rest)
			if at == nil {
				t.Errorf("%s: the transcript does not tell, in its place: %s", name, re)
				break
			}
			rest = rest[at[1]:]
		}
	}
}
