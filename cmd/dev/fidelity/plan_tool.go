package fidelity

import "strings"

// toolOps derives what the plain-TCP tool (src/tcptool.py) did on its connection from its log. It
// logs a send when the call has returned, and a blocking one of much data long after it began:
// that began when its first byte left.
func (c *connPlan) toolOps(r *Run, s Side) {
	h := &c.half[s]
	total := 0
	firsts := c.firsts(r, s)
	upTo := func(n, unit int) {
		if n > total {
			at := began(firsts, total)
			if unit == moreUnit { // it begins when the call before has returned
				at = h.ops[len(h.ops)-1].at
			}
			h.ops = append(h.ops, op{kind: opWrite, at: at, bytes: n - total, unit: unit})
			total = n
		}
	}
	for _, l := range r.by(s.String()) {
		switch {
		case toolSend.MatchString(l.Text):
			n := atoi(toolSend.FindStringSubmatch(l.Text)[2])
			h.ops = append(h.ops, op{kind: opWrite, at: l.T, bytes: n})
			total += n
		case toolAll.MatchString(l.Text):
			upTo(total+atoi(toolAll.FindStringSubmatch(l.Text)[1]), 0)
		case toolFull.MatchString(l.Text):
			upTo(atoi(toolFull.FindStringSubmatch(l.Text)[1]), fillUnit)
		case toolTotal.MatchString(l.Text):
			upTo(atoi(toolTotal.FindStringSubmatch(l.Text)[1]), moreUnit)
		case toolHalf.MatchString(l.Text):
			h.ops = append(h.ops, op{kind: opShutdown, at: l.T})
		case toolKeep.MatchString(l.Text):
			m := toolKeep.FindStringSubmatch(l.Text)
			h.ops = append(h.ops, op{kind: opKeepalive, at: l.T, idle: atoi(m[1]),
				interval: atoi(m[2]), count: atoi(m[3])})
		case toolReader.MatchString(l.Text):
			h.reads, h.readFrom = true, l.T
		case toolRecv.MatchString(l.Text), toolReply.MatchString(l.Text),
			toolEnd.MatchString(l.Text):
			h.reads = true
		}
	}
}

// What one call of the tool writes: while it fills the send buffer, and after that.
const (
	fillUnit = 4096
	moreUnit = 65536
)

// began is when the byte after the first n was first sent.
func began(firsts []chunk, n int) float64 {
	sum := 0
	for _, ch := range firsts {
		if sum += ch.n; sum > n {
			return ch.at
		}
	}
	return never
}

// options are the socket options of a program's connections.
type options struct {
	noDelay   bool
	keepalive bool // Go's default: 15 s, 15 s, 9 (net.KeepAliveConfig)
	rcvBuf    int
}

// optionsOf says what each program sets; P and M leave Linux' defaults, Go sets TCP_NODELAY and
// keepalive on dialled and accepted connections, G0 is Go with net.Dialer{KeepAlive: -1}.
func (r *Run) optionsOf(s Side) options {
	kind := [2]string{r.Meta.Parameters.Client, r.Meta.Parameters.Broker}[s]
	switch kind {
	case "G", "O":
		return options{noDelay: true, keepalive: true}
	case "G0":
		return options{noDelay: true}
	case "T":
		return r.toolOptions(s)
	}
	return options{}
}

// toolOptions: the tool's client sets TCP_NODELAY unless the case is about Nagle's algorithm, its
// server only in the request/response cases (src/tcptool.py, dial and srv).
func (r *Run) toolOptions(s Side) options {
	c := r.Meta.Parameters.Case
	if s == Client {
		return options{noDelay: !strings.HasSuffix(c, "nagle")}
	}
	o := options{noDelay: strings.HasPrefix(c, "i-")}
	if m := rcvBuf.FindStringSubmatch(r.Meta.Title); m != nil {
		o.rcvBuf = atoi(m[1])
	} else if c == "h" || strings.HasPrefix(c, "h-") {
		o.rcvBuf = 8192
	}
	return o
}
