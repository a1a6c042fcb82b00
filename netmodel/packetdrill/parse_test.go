package packetdrill

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestParseTimes(t *testing.T) {
	for text, want := range map[string]Event{
		"0.25":     {Kind: Absolute, From: 250 * time.Millisecond},
		"+.1":      {Kind: Relative, From: 100 * time.Millisecond},
		"+0~+.2":   {Kind: RelativeRange, To: 200 * time.Millisecond},
		"1~2.5":    {Kind: AbsoluteRange, From: time.Second, To: 2500 * time.Millisecond},
		"*":        {Kind: AnyTime},
		"+.000001": {Kind: Relative, From: time.Microsecond},
	} {
		s, err := Parse("x", text+" > . 1:1(0) ack 1")
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if e := s.Events[0]; e.Kind != want.Kind || e.From != want.From || e.To != want.To {
			t.Errorf("%s: kind %d from %v to %v", text, e.Kind, e.From, e.To)
		}
	}
}

func TestParseCalls(t *testing.T) {
	s, err := Parse("x", `--tolerance_usecs=5000 // a comment
/* another */ 0.1...0.200 read(4, ..., 0x10|MSG_PEEK) = -1 ECONNRESET (Connection reset by peer)
+0 sendmsg(4, {msg_name(...)=..., msg_iov(2)=[{..., 40}, {..., 2}], msg_flags=0}, MSG_MORE) = 42
+0 connect(3, {sa_family=AF_INET, sin_port=htons(80), sin_addr = inet_addr("10.0.0.1")}, ...) = 0
`)
	if err != nil {
		t.Fatal(err)
	}
	c := s.Events[0].Call
	if !c.Blocking || c.End != 200*time.Millisecond || c.Errno != "ECONNRESET" || c.Result.Int != -1 {
		t.Errorf("read: %+v", c)
	}
	if v := s.Events[1].Call.Args[1].field("msg_iov"); v == nil || len(v.List) != 2 {
		t.Errorf("sendmsg: %+v", s.Events[1].Call.Args[1])
	}
	if want := []Option{{"tolerance_usecs", "5000"}}; !reflect.DeepEqual(s.Options, want) {
		t.Errorf("options: %v", s.Options)
	}
}

func TestParseErrorsNameTheLine(t *testing.T) {
	for _, c := range []struct{ script, want string }{
		{"0 > S 0:0(0)\n+0 < . 1:2(5) ack 1 win 3", "x:2: 1:2(5) does not add up"},
		{"0 < . 1:1(0) ack 1", "needs a window"},
		{"0 > Q 1:1(0)", "no TCP flags"},
		{"", "no events"},
		{"0 read(4, ... = 3", `expected ")"`},
		{"+0.2~+0.1 > . 1:1(0)", "backwards"},
		{"`never ends", "without"},
		{"+0~+1 read(4, ..., 1) = 1\n", ""},
	} {
		_, err := Parse("x", c.script)
		if c.want == "" {
			continue
		}
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: %v, want %q", c.script, err, c.want)
		}
	}
	if _, err := Parse("x", "0 > udp (1000)"); !errors.Is(err, ErrUnsupported) {
		t.Errorf("a UDP packet: %v", err)
	}
}

func TestShellBlocksSetSysctls(t *testing.T) {
	dir := t.TempDir()
	common := filepath.Join(dir, "common")
	if err := os.MkdirAll(filepath.Join(dir, "a", "b"), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(common, 0o777); err != nil {
		t.Fatal(err)
	}
	file := "#!/bin/bash\nsysctl -q net.ipv4.tcp_rmem=\"4096 540000 $((15*1024*1024))\"\n" +
		"ip tcp_metrics flush all > /dev/null\n"
	if err := os.WriteFile(filepath.Join(common, "set.sh"), []byte(file), 0o666); err != nil {
		t.Fatal(err)
	}
	got, notes := shellBlock("../common/set.sh\nset.py /proc/sys/net/ipv4/tcp_sack=0 \\\n"+
		"  /proc/sys/net/ipv4/tcp_wmem=\"1 2 3\"\nsysctl -q net/ipv4/tcp_dsack=1 # why\n"+
		"echo 7 > /proc/sys/net/ipv4/tcp_retries2\ntc qdisc del dev tun0",
		filepath.Join(dir, "a", "b"), 0)
	want := []sysctl{{"tcp_rmem", "4096 540000 15728640"}, {"tcp_sack", "0"}, {"tcp_wmem", "1 2 3"},
		{"tcp_dsack", "1"}, {"tcp_retries2", "7"}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v", got)
	}
	if len(notes) != 1 || !strings.Contains(notes[0], "tc qdisc") {
		t.Errorf("notes: %v", notes)
	}
}

func TestPython(t *testing.T) {
	vars := names{"tcpi_snd_cwnd": {num: 10}, "tcpi_options": {num: 7}}
	for code, holds := range map[string]bool{
		"assert tcpi_snd_cwnd == 10, tcpi_snd_cwnd":                                true,
		"assert tcpi_snd_cwnd == 11":                                               false,
		"assert 9 <= tcpi_snd_cwnd < 11":                                           true,
		"assert (tcpi_options & 2) != 0 and not tcpi_snd_cwnd == 3":                true,
		"cwnd = 4 * 2; cwnd += 2\nassert tcpi_snd_cwnd == cwnd, 'cwnd=%d' % cwnd":  true,
		"print(tcpi_snd_cwnd); # a comment; assert 0\nassert tcpi_snd_cwnd-9 == 1": true,
	} {
		if err := python(code, vars); (err == nil) != holds || errors.Is(err, errNotPlain) {
			t.Errorf("%s: %v", code, err)
		}
	}
	for _, code := range []string{"assert tcpi_unheard_of == 1", "for x in y: print(x)", "import os",
		"assert f(1) == 2"} {
		if err := python(code, vars); !errors.Is(err, errNotPlain) {
			t.Errorf("%s: %v, want a skipped block", code, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(preamble)
	f.Add("0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n* > P. 1:5(4) ack 1 <sack 1:2 3:4,nop>")
	f.Add("+0 %{ assert a }% \n`x`")
	f.Fuzz(func(t *testing.T, s string) { Parse("fuzz", s) }) // must not panic or hang
}
