package main

import (
	"errors"
	"fmt"
	"strings"
)

// fields that tshark is asked for, per packet.
var fields = []string{"frame.number", "_ws.malformed", "ip.checksum.status", "tcp.checksum.status",
	"icmp.checksum.status", "mqtt.msgtype", "tcp.analysis.retransmission",
	"tcp.analysis.fast_retransmission", "tcp.analysis.spurious_retransmission", "frame.comment",
	"tcp.len"}

// good is tshark's status of a checksum that is right.
const good = "1"

// stepTshark has tshark read every built-in scenario's capture: nothing malformed, no bad checksum,
// MQTT dissected, and what it takes for a retransmission was one.
func stepTshark(c *checker) (string, error) {
	if err := need("tshark"); err != nil {
		return "", err
	}
	bin, err := c.halfopen()
	if err != nil {
		return "", err
	}
	names, err := c.scenarios()
	if err != nil {
		return "", err
	}
	packets := 0
	for _, name := range names {
		file, err := c.trace(name, "pcapng", nil, bin)
		if err != nil {
			return "", err
		}
		n, err := c.tshark(file)
		if err != nil {
			return "", fmt.Errorf("%s: %w", name, err)
		}
		packets += n
	}
	return fmt.Sprintf("%d packets of %d scenarios", packets, len(names)), nil
}

// tshark checks one capture and returns how many packets it has.
func (c *checker) tshark(file string) (int, error) {
	args := []string{"-r", file, "-T", "fields", "-E", "separator=/t", "-o", "ip.check_checksum:TRUE",
		"-o", "tcp.check_checksum:TRUE"}
	for _, f := range fields {
		args = append(args, "-e", f)
	}
	out, err := c.cmd(nil, "tshark", args...)
	if err != nil {
		return 0, err
	}
	var bad []string
	n, mqtt := 0, 0
	for line := range strings.SplitSeq(strings.TrimRight(out, "\n"), "\n") {
		v := strings.Split(line, "\t")
		if len(v) != len(fields) {
			continue // tshark's warning about running as root
		}
		n++
		if v[5] != "" {
			mqtt++
		}
		if why := wrong(v); why != "" {
			bad = append(bad, fmt.Sprintf("packet %s: %s", v[0], why))
		}
	}
	switch {
	case n == 0:
		return 0, errors.New("tshark saw no packets")
	case mqtt == 0:
		return n, errors.New("tshark dissected no MQTT")
	case len(bad) > 0:
		return n, errors.New(strings.Join(bad[:min(len(bad), 10)], "\n"))
	}
	return n, nil
}

// wrong says what is wrong with a packet, or "".
func wrong(v []string) string {
	comment := strings.ToLower(v[9])
	again := strings.Contains(comment, "again") || strings.Contains(comment, "retransmi") ||
		strings.Contains(comment, "probe") || strings.Contains(comment, "repeat") ||
		strings.Contains(comment, "duplicat")
	switch {
	case v[1] != "":
		return "malformed"
	case v[2] != "" && !strings.Contains(v[2], good):
		return "bad IP checksum"
	case v[3] != "" && v[3] != good, v[4] != "" && v[4] != good:
		return "bad checksum"
	case (v[6] != "" || v[7] != "" || v[8] != "") && !again && v[10] != "0":
		return "tshark takes it for a retransmission; our comment: " + v[9]
	}
	return ""
}
