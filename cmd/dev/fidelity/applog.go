package fidelity

import (
	"regexp"
	"strconv"
	"strings"
)

// Line is one line of app.log: a time, who, and what he says.
type Line struct {
	T    float64
	Who  string // client, broker, publisher, testbed
	Text string
}

func parseLog(s string) []Line {
	var out []Line
	for l := range strings.SplitSeq(s, "\n") {
		f := strings.Fields(l)
		if len(f) < 2 {
			continue
		}
		t, err := strconv.ParseFloat(f[0], 64)
		if err != nil {
			continue
		}
		text := strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(l), f[0]))
		out = append(out, Line{t, f[1], strings.TrimSpace(strings.TrimPrefix(text, f[1]))})
	}
	return out
}

// by returns the lines of one program.
func (r *Run) by(who string) []Line {
	var out []Line
	for _, l := range r.Log {
		if l.Who == who {
			out = append(out, l)
		}
	}
	return out
}

// Lines of the programs that say that a connection or an attempt is over, by who writes them. All
// sources are in the folder of the captures; mosquitto and the libraries are public.
var (
	// a dial that the program itself gave up
	dialGivenUp = regexp.MustCompile(`i/o timeout|reconnect attempt failed|timed out|` +
		`connect failed|TimeoutError|Connection error`)
	// the client closes its connection
	clientLost = regexp.MustCompile(`^lost |^close\(\)|connect failed err|^exception `)
	// the Go client before a new attempt
	redial = regexp.MustCompile(`^reconnecting`)
	// paho's own words for a PINGREQ without an answer
	pingLost = regexp.MustCompile(`pingresp not received`)
	// a program of its own kind ends: its kernel closes its sockets
	processEnded = regexp.MustCompile(`^process ended`)
	// mochi: disconnect id=... remote=10.0.0.2:1234 err=...
	mochiGone = regexp.MustCompile(`^disconnect id=\S+ remote=[\d.]+:(\d+) `)
	// the plain-TCP tool
	toolSend   = regexp.MustCompile(`^send\((\d+)\) = (\d+)`)
	toolAll    = regexp.MustCompile(`^sendall\((\d+)\) returned`)
	toolFull   = regexp.MustCompile(`^send buffer full after (\d+) bytes`)
	toolTotal  = regexp.MustCompile(`^send returned, total (\d+)`)
	toolRecv   = regexp.MustCompile(`^recv \d+, total (\d+)`)
	toolReply  = regexp.MustCompile(`^response (\d+)$`)
	toolEnd    = regexp.MustCompile(`^recv: EOF|^recv failed|^EOF`)
	toolKeep   = regexp.MustCompile(`^keepalive idle=(\d+) intvl=(\d+) cnt=(\d+)`)
	toolHalf   = regexp.MustCompile(`^shutdown\(SHUT_WR\)`)
	toolReader = regexp.MustCompile(`^start reading`)
	published  = regexp.MustCompile(`^published n=(\d+) `)
	listening  = regexp.MustCompile(`^listening|Opening ipv4 listen socket|running$`)
	rcvBuf     = regexp.MustCompile(`SO_RCVBUF (\d+)`)
)

func atoi(s string) int {
	n, _ := strconv.Atoi(s) // the patterns above let only digits through
	return n
}

// mosquitto names clients: "New client connected from 10.77.1.2:58525 as pclient", and the end is
// "Client pclient ...".
var (
	mosquittoNew = regexp.MustCompile(
		`^New client connected from (?:\d+\.){3}\d+:(\d+) as [^p]*(?:pclient|goclient)`)
	mosquittoGone = regexp.MustCompile(
		`^(?:Client|Socket error on client) (?:pclient|goclient) .*(?:disconnect|closed|closing)`)
)
