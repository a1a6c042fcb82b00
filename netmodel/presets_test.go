package netmodel

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// A preset without a source does not exist; nor does one without a title, a value or a date.
func TestEveryPresetHasASource(t *testing.T) {
	id := regexp.MustCompile(`^[a-z0-9][a-z0-9.-]*$`)
	seen := map[string]bool{}
	for _, p := range Presets("") {
		if !id.MatchString(p.ID) || seen[p.ID] {
			t.Errorf("identifier %q is not fit or not unique", p.ID)
		}
		seen[p.ID] = true
		if p.Title == "" || len(p.Values) == 0 || !slices.Contains(PresetKinds(), p.Kind) {
			t.Errorf("%s: title %q, %d values, kind %q", p.ID, p.Title, len(p.Values), p.Kind)
		}
		for _, v := range p.Values {
			checkSource(t, p.ID+" "+v.Name, p.SourceOf(v))
			checkValue(t, p.ID, v)
		}
		if p.Confidence == Unverified && !strings.Contains(p.Notes+p.Name, "nverified") &&
			!strings.Contains(p.Notes+p.Name, "not ") && !strings.Contains(p.Name, "recalled") &&
			p.Kind != PresetStandard {
			t.Errorf("%s is unverified and does not say so in words", p.ID)
		}
	}
}

func checkSource(t *testing.T, what string, s Source) {
	t.Helper()
	if s.Name == "" || s.Confidence.String() == "" {
		t.Errorf("%s has no source or no confidence", what)
	}
	if ok, _ := regexp.MatchString(`^2026-\d\d(-\d\d)?$`, s.Seen); !ok {
		t.Errorf("%s was seen %q", what, s.Seen)
	}
	if s.URL != "" && !strings.HasPrefix(s.URL, "https://") {
		t.Errorf("%s has the address %q", what, s.URL)
	}
}

func checkValue(t *testing.T, id string, v Value) {
	t.Helper()
	number := regexp.MustCompile(`^\d+(\.\d+)?( to \d+)?$`)
	if v.Name == "" || v.Value == "" || v.Unit != "" && !number.MatchString(v.Value) {
		t.Errorf("%s: value %+v", id, v)
	}
	if _, ok := v.Duration(); !ok && (v.Unit == "s" || v.Unit == "ms") {
		t.Errorf("%s: %s is no duration: %q", id, v.Name, v.Value)
	}
}

// Every kind has presets, and each that can be turned into a part of a network can.
func TestPresetsConvert(t *testing.T) {
	for _, k := range PresetKinds() {
		if len(Presets(k)) == 0 {
			t.Errorf("no preset of kind %s", k)
		}
		for _, p := range Presets(k) {
			var err [3]error
			_, err[0] = p.Profile()
			_, err[1] = p.NAT()
			_, err[2] = p.Conditions()
			for i, of := range []PresetKind{PresetStack, PresetNAT, PresetLink} {
				if (err[i] == nil) != (k == of) {
					t.Errorf("%s as %s: %v", p.ID, of, err[i])
				}
			}
		}
	}
	if FindPreset("no-such-thing") != nil {
		t.Error("a preset that does not exist was found")
	}
}

func TestLinuxPresetIsTheDefaultProfile(t *testing.T) {
	got, err := FindPreset("linux").Profile()
	if want := Linux(); err != nil || *got != *want {
		t.Errorf("preset %+v\nprofile %+v (%v)", *got, *want, err)
	}
}

func TestStackPresets(t *testing.T) {
	stack := func(id string) *Profile {
		p, err := FindPreset(id).Profile()
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	if p := stack("esp-idf"); p.InitialRTO != 1500*time.Millisecond || p.Retries2 != 12 ||
		p.MTU != 1480 ||
		p.SACK || p.Wheel || p.RcvBuf[1] != 5744 || p.TimeWaitLen != 2*time.Minute {
		t.Errorf("esp-idf: %+v", p)
	}
	if p := stack("go-net"); p.KeepIdle != 15*time.Second || !p.TLP || !p.Wheel {
		t.Errorf("go-net: %+v", p)
	}
	if p := stack("windows"); p.SynRetries != 4 || p.Timestamps {
		t.Errorf("windows uses the first of two contradicting values: %+v", p)
	}
}

func TestNATPresets(t *testing.T) {
	nat := func(id string) *NATConfig {
		c, err := FindPreset(id).NAT()
		if err != nil {
			t.Fatal(err)
		}
		return New(Config{}).AddHost(HostConfig{NAT: &c}).NAT() // with the defaults filled in
	}
	if got, want := nat("linux-conntrack"), (&NATConfig{}); *got != *fill(want) {
		t.Errorf("linux-conntrack is %+v, the default %+v", got, want)
	}
	aws := nat("aws-nat-gateway")
	if aws.Timeouts.Established != 350*time.Second || aws.Timeouts.Unacknowledged != 350*time.Second ||
		aws.Forgotten != ForgottenReset || aws.Unsolicited != ForgottenDrop || !aws.NoLoose {
		t.Errorf("aws-nat-gateway: %+v", aws)
	}
	if gcp := nat("gcp-cloud-nat").Timeouts; gcp.SynSent != 30*time.Second ||
		gcp.TimeWait != 120*time.Second {
		t.Errorf("gcp-cloud-nat: %+v", gcp)
	}
	if lb := nat("azure-lb-reset"); !lb.ResetOnTimeout || !lb.KeepAddress {
		t.Errorf("azure-lb-reset: %+v", lb)
	}
}

func fill(c *NATConfig) *NATConfig {
	c.fillIn()
	return c
}

func TestLinkPresets(t *testing.T) {
	c, err := FindPreset("gprs").Conditions()
	want := Conditions{Latency: 500 * time.Millisecond, Rate: 50_000, Loss: Percent(2, 0)}
	if err != nil || c != want {
		t.Errorf("gprs is %+v (%v), want %+v", c, err, want)
	}
}

// Sources that contradict each other are shown, not settled in silence.
func TestConflictsAreShown(t *testing.T) {
	for id, names := range map[string][]string{
		"azure-iot-hub": {"keepalive-max"}, "windows": {"syn-retries"},
		"aws-ec2-conntrack": {"established"},
		"mosquitto":         {"drop-late"}, "linux": nil,
	} {
		p := FindPreset(id)
		if got := p.Conflicts(); !slices.Equal(got, names) {
			t.Errorf("%s has conflicts about %v, want %v", id, got, names)
		}
	}
}
