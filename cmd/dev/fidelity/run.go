package fidelity

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"halfopen/netmodel"
)

// Side is one of the two machines.
type Side int

// The sides. Directions in captures are named after them: c>b and b>c.
const (
	Client Side = iota
	Broker
)

func (s Side) String() string { return [...]string{"client", "broker"}[s] }

// Packet is one line of a capture.
type Packet struct {
	T          float64  `json:"t"`
	Dir        string   `json:"dir"`
	Conn       int      `json:"conn"`
	Flags      string   `json:"flags"`
	Seq        int64    `json:"seq"`
	Ack        int64    `json:"ack"`
	Len        int      `json:"len"`
	MQTT       []string `json:"mqtt"`
	Retx       bool     `json:"retx"`
	Port       int      `json:"port"`
	Info       []string `json:"info"`
	Analysis   []string `json:"an"`
	Arr        *float64 `json:"arr"`
	FromRouter bool     `json:"from_router"`
	ICMP       string   `json:"icmp"`

	lost bool             // arr is there and null: it never arrived
	id   netmodel.EventID // of a packet of the model
}

// out reports whether the packet left the host of the interface at which it was seen.
func (p *Packet) out(at Side) bool { return (p.Dir == "c>b") == (at == Client) }

func (p *Packet) has(flag string) bool { return strings.Contains(p.Flags, flag) }

// Action is something that the testbed did to the network or to a program.
type Action struct {
	T      float64 `json:"t"`
	Done   float64 `json:"t_done"`
	Action string  `json:"action"`
}

// Pub is the publisher's rhythm.
type Pub struct {
	First  float64 `json:"first"`
	Period float64 `json:"period"`
	QoS    *int    `json:"qos"`
}

// Parameters are the settings of a run.
type Parameters struct {
	Client    string            `json:"client"`
	Broker    string            `json:"broker"`
	Duration  float64           `json:"duration"`
	Keepalive float64           `json:"keepalive"`
	QoS       int               `json:"qos"`
	Clean     *bool             `json:"clean"`
	Pub       *Pub              `json:"pub"`
	Case      string            `json:"case"`
	Port      uint16            `json:"port"`
	Sysctls   map[string]values `json:"sysctls"`
	Loss      any               `json:"loss"`
	NAT       *struct {
		Sysctls     values `json:"sysctls"`
		DropInvalid bool   `json:"drop_invalid"`
	} `json:"nat"`
}

// values are settings: strings or numbers.
type values map[string]string

// UnmarshalJSON implements json.Unmarshaler.
func (v *values) UnmarshalJSON(b []byte) error {
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(b, &raw); err != nil {
		return err
	}
	*v = values{}
	for name, x := range raw {
		(*v)[name] = strings.Trim(string(x), `"`)
	}
	return nil
}

// Meta is meta.json, as far as it is used.
type Meta struct {
	Name          string                     `json:"name"`
	Scenario      int                        `json:"scenario"`
	Title         string                     `json:"title"`
	Parameters    Parameters                 `json:"parameters"`
	ClientCommand string                     `json:"client_command"`
	OneWayUS      float64                    `json:"one_way_delay_us"`
	FirstSYN      string                     `json:"first_syn_wall"`
	Versions      map[string]json.RawMessage `json:"versions"`
	Sysctls       map[string]values          `json:"sysctls"`
	Faults        []Action                   `json:"faults"`
}

// Run is a run read from its folder.
type Run struct {
	Dir  string
	Meta Meta
	At   [2][]Packet // by Side: what its interface saw
	Log  []Line
}

// Name is the folder's name.
func (r *Run) Name() string { return filepath.Base(r.Dir) }

// LoadAll reads every run below dir (or the run that dir is). Folders without a meta.json are no
// runs.
func LoadAll(dir string) ([]*Run, error) {
	if r, err := Load(dir); err == nil {
		return []*Run{r}, nil
	} else if !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var runs []*Run
	for _, e := range entries {
		r, err := Load(filepath.Join(dir, e.Name()))
		if errors.Is(err, fs.ErrNotExist) || !e.IsDir() {
			continue
		}
		if err != nil {
			return nil, err
		}
		runs = append(runs, r)
	}
	if len(runs) == 0 {
		return nil, fmt.Errorf("%s holds no run: a run is a folder with a meta.json", dir)
	}
	return runs, nil
}

// Load reads the run in dir.
func Load(dir string) (*Run, error) {
	r := &Run{Dir: dir}
	b, err := os.ReadFile(filepath.Join(dir, "meta.json"))
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(b, &r.Meta); err != nil {
		return nil, fmt.Errorf("%s/meta.json: %w", dir, err)
	}
	for _, s := range []Side{Client, Broker} {
		if r.At[s], err = loadPackets(filepath.Join(dir, s.String()+".jsonl")); err != nil {
			return nil, err
		}
	}
	b, err = os.ReadFile(filepath.Join(dir, "app.log"))
	if err != nil {
		return nil, err
	}
	r.Log = parseLog(string(b))
	return r, nil
}

func loadPackets(path string) ([]Packet, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var out []Packet
	s := bufio.NewScanner(bytes.NewReader(b))
	s.Buffer(nil, 1<<20)
	for n := 1; s.Scan(); n++ {
		line := s.Bytes()
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		var p Packet
		if err := json.Unmarshal(line, &p); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", path, n, err)
		}
		p.lost = bytes.Contains(line, []byte(`"arr": null`)) ||
			bytes.Contains(line, []byte(`"arr":null`))
		out = append(out, p)
	}
	return out, s.Err()
}

// HZ is the tick rate of the kernel of the run.
func (m *Meta) HZ() int {
	var s string
	var n int
	if json.Unmarshal(m.Versions["HZ"], &s) == nil {
		if _, err := fmt.Sscanf(s, "%d", &n); err == nil && n > 0 {
			return n
		}
	}
	return 250 // Debian's kernels
}

// sysctls are those of a side: the recorded ones, and then those that the run changed.
func (m *Meta) sysctls(s Side) []values {
	return []values{m.Sysctls[s.String()], m.Parameters.Sysctls[s.String()]}
}

// port is where the server listens.
func (m *Meta) port() uint16 {
	if m.Parameters.Port != 0 {
		return m.Parameters.Port
	}
	return 1883
}
