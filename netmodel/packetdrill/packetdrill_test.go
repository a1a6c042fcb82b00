package packetdrill

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"
)

// Each script of testdata pins one behaviour of Linux or one section of an RFC; it says which.
// Those for which packetdrill itself can play the peer pass with it on Linux 6.18.44 (HZ 250,
// CUBIC, the buffers of netmodel.Linux). It cannot where no socket, or more than one, is concerned
// (closed-port*, backlog-full), nor see the segments of a burst (maxseg, mss-default, mss-of-peer).
func TestScripts(t *testing.T) {
	files, err := filepath.Glob("testdata/*.pkt")
	if err != nil || len(files) < 40 {
		t.Fatalf("%d scripts, %v: the suite is not there", len(files), err)
	}
	for _, f := range files {
		t.Run(strings.TrimSuffix(filepath.Base(f), ".pkt"), func(t *testing.T) {
			if r := RunFile(f, Config{Echo: true}); r.Err != nil {
				t.Error(r.Err)
			}
		})
	}
}

const preamble = `0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
+0 bind(3, ..., ...) = 0
+0 listen(3, 1) = 0
+0 < S 0:0(0) win 65535 <mss 1460>
+0 > S. 0:0(0) ack 1 <mss 1460>
+.1 < . 1:1(0) ack 1 win 65535
+0 accept(3, ..., ...) = 4
`

// A check that cannot fail proves nothing: each of these is wrong in one thing, and must be found.
func TestWrongScriptsFail(t *testing.T) {
	for _, c := range []struct{ script, want string }{
		{"+0 write(4, ..., 10) = 11", "another result"},
		{"+0 write(4, ..., 10) = 10\n+0 > P. 2:12(10) ack 1", "another sequence number"},
		{"+0 write(4, ..., 10) = 10\n+0 > P. 1:12(11) ack 1", "another length"},
		{"+0 write(4, ..., 10) = 10\n+0 > . 1:11(10) ack 1", "other flags"},
		{"+0 write(4, ..., 10) = 10\n+0 > P. 1:11(10) ack 2", "another acknowledgement"},
		{"+0 write(4, ..., 10) = 10\n+0 > P. 1:11(10) ack 1 win 1", "another window"},
		{"+0 write(4, ..., 10) = 10\n+0 > P. 1:11(10) ack 1 <nop,nop,sack 1:2>", "other options"},
		{"+0 write(4, ..., 10) = 10\n+.1 > P. 1:11(10) ack 1", "sent at another time"},
		{"+0 > P. 1:11(10) ack 1", "nothing was sent"},
		{"+0...0.5 read(4, ..., 10) = 10\n+.1 < P. 1:11(10) ack 1 win 9", "the call returned at"},
		{"+0...0.1 read(4, ..., 10) = 10", "did not return"},
		{"+0 %{ assert tcpi_snd_cwnd == 11, tcpi_snd_cwnd }%", "does not hold"},
		{"+0 close(4) = -1 EBADF (Bad file descriptor)", "another result"},
		{"+0 getsockopt(4, SOL_SOCKET, SO_ERROR, [111], [4]) = 0", "another value"},
	} {
		s, err := Parse("wrong.pkt", preamble+c.script)
		if err != nil {
			t.Fatal(err)
		}
		if r := s.Run(Config{}); r.Err == nil || !strings.Contains(r.Err.Error(), c.want) ||
			errors.Is(r.Err, ErrUnsupported) {
			t.Errorf("%s\n: got %v, want %q", c.script, r.Err, c.want)
		}
	}
}

// Several segments make up what a kernel with segmentation offload sends as one.
func TestLongExpectedPacketIsARunOfSegments(t *testing.T) {
	s, err := Parse("long.pkt", preamble+"+0 write(4, ..., 5000) = 5000\n+0 > P. 1:5001(5000) ack 1")
	if err != nil {
		t.Fatal(err)
	}
	if r := s.Run(Config{}); r.Err != nil {
		t.Error(r.Err)
	}
}
