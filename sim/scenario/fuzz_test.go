package scenario

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// pack deflates a text as Encode does, without its limits.
func pack(text string) string {
	var b bytes.Buffer
	w, _ := flate.NewWriter(&b, flate.BestCompression)
	_, _ = w.Write([]byte(text))
	_ = w.Close()
	return shareVersion + base64.RawURLEncoding.EncodeToString(b.Bytes())
}

// FuzzParse: no text makes Parse or Check panic, and what Parse accepts is printed so that Parse
// gives it again.
func FuzzParse(f *testing.F) {
	f.Add(tunnel)
	f.Add("at 1s a publish t \"\\\"x=# \\u00e9\"  # c\n\n#\n----\nx\n----\n")
	f.Add("expect a back within 1h of 1ns\nlimit hosts=3\nclient c will=\"a:b c\" id=#\n\t x")
	f.Add("at 3m1.5s rate a > b 5kbit/s for 2h3m queue=1KiB\nevery 1ms drop a match=FIN\n")
	f.Fuzz(func(t *testing.T, text string) {
		s, err := Parse("f", text)
		if err != nil {
			return
		}
		_ = Check(s)
		again, err := Parse("f", s.Document())
		if err != nil {
			t.Fatalf("the printed text is not accepted: %v\n%s", err, s.Document())
		}
		if d := cmp.Diff(s, again, cmpopts.IgnoreUnexported(Scenario{})); d != "" {
			t.Fatalf("another scenario (-parsed +printed and parsed):\n%s", d)
		}
		for _, set := range s.Settings() {
			if set.Written {
				if err := s.Set(set.Path, set.Value); err != nil {
					t.Fatalf("%v\n%s", err, s)
				}
			}
		}
	})
}

// FuzzShareLink: no fragment hangs or panics, and what is accepted can be shared again.
func FuzzShareLink(f *testing.F) {
	f.Add("1")
	f.Add(pack("broker hub\nclient phone\nlink phone hub\nat 67s cut phone hub for 116s\n"))
	f.Fuzz(func(t *testing.T, fragment string) {
		s, err := Decode(fragment)
		if err != nil {
			return
		}
		again, err := Encode(s)
		if err != nil {
			return // it came in better packed than it can be
		}
		if back, err := Decode(again); err != nil || back.String() != s.String() {
			t.Fatalf("%v\n%s", err, s)
		}
	})
}
