package explain

import (
	"strconv"
	"strings"

	"halfopen/netmodel"
	"halfopen/sim/trace"
)

func itoa(n int) string { return strconv.Itoa(n) }

// Source is where a rule is written: a clause, a section, or a file of a library.
type Source struct {
	Name string
	URL  string
}

const (
	ipSysctl = "https://docs.kernel.org/networking/ip-sysctl.html"
	mqtt311  = "https://docs.oasis-open.org/mqtt/mqtt/v3.1.1/os/mqtt-v3.1.1-os.html"
	rfc      = "https://www.rfc-editor.org/rfc/rfc"
	paho     = "https://github.com/eclipse-paho/paho.mqtt.golang/blob/v1.5.1/"
	mochi    = "https://github.com/mochi-mqtt/server/blob/v2.7.9/"
	linux    = "https://git.kernel.org/pub/scm/linux/kernel/git/torvalds/linux.git/tree/"
)

// sources are by the key of the sentence; a key without an entry takes that of its first part.
var sources = map[string]Source{
	"sent.syn":             {"RFC 9293, 3.5", rfc + "9293#section-3.5"},
	"sent.synack":          {"RFC 9293, 3.5", rfc + "9293#section-3.5"},
	"sent.data":            {"RFC 9293, 3.8", rfc + "9293#section-3.8"},
	"sent.fin":             {"RFC 9293, 3.6", rfc + "9293#section-3.6"},
	"sent.ack":             {"RFC 9293, 3.8.6.3", rfc + "9293#section-3.8.6.3"},
	"sent.delayed-ack":     {"RFC 9293, 3.8.6.3", rfc + "9293#section-3.8.6.3"},
	"sent.window":          {"RFC 9293, 3.8.6.2", rfc + "9293#section-3.8.6.2"},
	"sent.duplicate-ack":   {"RFC 5681, 3.2", rfc + "5681#section-3.2"},
	"sent.rto":             {"RFC 6298, 5.4", rfc + "6298#section-5"},
	"sent.tlp":             {"RFC 8985, 7", rfc + "8985#section-7"},
	"sent.fast":            {"RFC 8985, 6", rfc + "8985#section-6"},
	"sent.recovery":        {"RFC 6675, 5", rfc + "6675#section-5"},
	"sent.keepalive":       {"RFC 9293, 3.8.4", rfc + "9293#section-3.8.4"},
	"sent.keepalive-ack":   {"RFC 9293, 3.8.4", rfc + "9293#section-3.8.4"},
	"sent.window-probe":    {"RFC 9293, 3.8.6.1", rfc + "9293#section-3.8.6.1"},
	"sent.challenge":       {"RFC 5961, 3.2", rfc + "5961#section-3.2"},
	"sent.reset":           {"RFC 2525, 2.17; Linux tcp_close", linux + "net/ipv4/tcp.c"},
	"sent.reset-no-socket": {"RFC 9293, 3.5.2", rfc + "9293#section-3.5.2"},
	"sent.reset-give-up":   {"Linux tcp_keepalive_timer", linux + "net/ipv4/tcp_timer.c"},
	"sent.unreachable":     {"RFC 1812, 4.3.3.1", rfc + "1812#section-4.3.3.1"},
	"dropped.queue":        {"RFC 1812, 5.3.6", rfc + "1812#section-5.3.6"},
	"dropped.checksum":     {"RFC 9293, 3.1", rfc + "9293#section-3.1"},
	"dropped.nat":          {"RFC 5382, 5", rfc + "5382#section-5"},
	"dropped.backlog":      {"Linux tcp_conn_request", linux + "net/ipv4/tcp_input.c"},
	"state":                {"RFC 9293, 3.3.2", rfc + "9293#section-3.3.2"},
	"error.rst":            {"RFC 9293, 3.10.7.4", rfc + "9293#section-3.10.7.4"},
	"error.tcp-retries": {"RFC 9293, 3.8.3; Linux tcp_retries2",
		ipSysctl},
	"error.tcp-keepalive":    {"RFC 9293, 3.8.4", rfc + "9293#section-3.8.4"},
	"error.tcp-user-timeout": {"RFC 5482", rfc + "5482"},
	"error.syn-retries": {"Linux tcp_syn_retries",
		ipSysctl},
	"error.icmp-unreachable": {"RFC 9293, 3.9.2.2", rfc + "9293#section-3.9.2.2"},
	"mapping.forgotten":      {"RFC 5382, 5", rfc + "5382#section-5"},
	"mapping.made":           {"RFC 5382, 4", rfc + "5382#section-4"},
	"wrote.ping":             {"MQTT 3.1.1, 3.1.2.10; paho ping.go", paho + "ping.go#L32"},
	"wrote.pong":             {"[MQTT-3.12.4-1]", mqtt311 + "#_Toc398718085"},
	"lost.ping-timeout":      {"PingTimeout, paho ping.go", paho + "ping.go#L71"},
	"lost":                   {"paho client.go, internalConnLost", paho + "client.go"},
	"client.reconnecting":    {"AutoReconnect, paho client.go", paho + "client.go#L308"},
	"client.connecting":      {"paho client.go, reconnect", paho + "client.go#L308"},
	"client.refused":         {"ConnectTimeout, paho netconn.go", paho + "netconn.go"},
	"client.connected":       {"MQTT 3.1.1, 3.2", mqtt311 + "#_Toc398718033"},
	"gone.1.5-keepalive":     {"[MQTT-3.1.2-24]; mochi clients.go", mochi + "clients.go#L262"},
	"broker.takeover":        {"[MQTT-3.1.4-2]; mochi server.go", mochi + "server.go#L562"},
	"broker.session":         {"[MQTT-3.1.2-4] to [MQTT-3.1.2-6]", mqtt311 + "#_Toc398718028"},
	"broker.expired":         {"[MQTT-3.1.2-6]", mqtt311 + "#_Toc398718028"},
	"broker.will":            {"[MQTT-3.1.2-8]", mqtt311 + "#_Toc398718028"},
	"broker.queued":          {"MQTT 3.1.1, 4.3; mochi server.go", mochi + "server.go#L1024"},
	"broker.dropped":         {"mochi server.go, publishToClient", mochi + "server.go#L1024"},
	"broker.subscribed":      {"MQTT 3.1.1, 3.8.4", mqtt311 + "#_Toc398718063"},
}

var timerSources = map[netmodel.Timer]Source{
	netmodel.TimerRTO:        {"RFC 6298, 5", rfc + "6298#section-5"},
	netmodel.TimerTLP:        {"RFC 8985, 7.2", rfc + "8985#section-7.2"},
	netmodel.TimerDelayedAck: {"RFC 9293, 3.8.6.3", rfc + "9293#section-3.8.6.3"},
	netmodel.TimerKeepalive: {"RFC 9293, 3.8.4; Go net/dial.go",
		"https://pkg.go.dev/net#KeepAliveConfig"},
	netmodel.TimerPersist:  {"RFC 9293, 3.8.6.1", rfc + "9293#section-3.8.6.1"},
	netmodel.TimerTimeWait: {"RFC 9293, 3.6.1", rfc + "9293#section-3.6.1"},
	netmodel.TimerFinWait2: {"Linux tcp_fin_timeout",
		ipSysctl},
	netmodel.TimerSyn:     {"Linux tcp_syn_retries", ipSysctl},
	netmodel.TimerSynAck:  {"Linux tcp_synack_retries", ipSysctl},
	netmodel.TimerReorder: {"RFC 8985, 6.3", rfc + "8985#section-6.3"},
	netmodel.TimerUser:    {"RFC 5482", rfc + "5482"},
	netmodel.TimerNAT:     {"RFC 5382, 5", rfc + "5382#section-5"},
	netmodel.TimerOrphan:  {"Linux tcp_orphan_retries", ipSysctl},
}

// Source says where the rule is written by which an event happened.
func (x *Explainer) Source(id trace.ID) Source {
	ev := x.tr.Event(id)
	if ev == nil {
		return Source{}
	}
	switch ev.Kind {
	case netmodel.TimerArmed, netmodel.TimerFired, netmodel.TimerStopped:
		return timerSources[ev.Timer]
	}
	key := x.key(ev, id)
	for {
		if s, ok := sources[key]; ok {
			return s
		}
		i := strings.LastIndexByte(key, '.')
		if i < 0 {
			return Source{}
		}
		key = key[:i]
	}
}
