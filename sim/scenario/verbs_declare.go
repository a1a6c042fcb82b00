package scenario

import "time"

// Keys that several declarations share.
var (
	stackKey = Key{Name: "stack", Kind: Preset, Default: "linux", Words: []string{"stack"},
		Doc:      "TCP stack of the machine: its timers, retries and window sizes",
		Explains: "every timer of TCP"}
	addrKey   = Key{Name: "addr", Kind: Addr, Doc: "IPv4 address; default: the next of 10.0.0.0/24"}
	sysctlKey = Key{Name: "sysctl.", Kind: Text,
		Doc:      "sysctl.tcp_retries2=5: one setting of the machine's TCP stack, by Linux' name",
		Explains: "every timer of TCP"}
	tcpKeepaliveKey = Key{Name: "tcp-keepalive", Kind: DurationOff, Default: "15s",
		Doc: "TCP keepalive: idle time and interval, 9 probes; Go switches it on by itself, C programs " +
			"mostly do not",
		Explains: "TCP keepalive probes"}
	nodelayKey = Key{Name: "nodelay", Kind: OnOff, Default: "on",
		Doc: "TCP_NODELAY, which Go sets by itself: off lets Nagle's algorithm hold small segments back"}
)

var declarations = []Verb{
	{Name: "host", Class: Declaration, Args: []Arg{{"name", NewName, ""}},
		Keys: []Key{stackKey, addrKey, sysctlKey},
		Doc:  "A machine without programs of its own: clients are placed on it with host=."},
	{Name: "router", Class: Declaration, Args: []Arg{{"name", NewName, ""}},
		Keys: []Key{stackKey, addrKey, sysctlKey}, Doc: "A machine that forwards."},
	{Name: "nat", Class: Declaration, Args: []Arg{{"name", NewName, ""}}, Keys: natKeys,
		Doc: "A router that follows connections, and rewrites addresses."},
	{Name: "broker", Class: Declaration, Args: []Arg{{"name", NewName, "also of its host"}},
		Keys: []Key{stackKey, addrKey, sysctlKey,
			{Name: "port", Kind: Int, Default: "1883", Min: 1, Max: 65535, Doc: "TCP port it listens on"},
			{Name: "persist", Kind: OnOff, Default: "off",
				Doc:      "sessions and retained messages survive a restart",
				Explains: "what a restarted broker remembers"},
			{Name: "client-queue", Kind: Int, Default: "8192", Min: 1024, Max: 65535,
				Doc: "packets that may wait for one client; more are dropped"},
			tcpKeepaliveKey, nodelayKey},
		Doc: "A host with a real mochi-mqtt server."},
	{Name: "client", Class: Declaration, Args: []Arg{{"name", NewName, "also of its host"}},
		Keys: clientKeys, Doc: "A real paho.mqtt.golang client, and the small program around it. " +
			"Defaults are paho's own."},
	{Name: "link", Class: Declaration, Args: []Arg{{"a", HostName, ""}, {"b", HostName, ""}},
		Keys: linkKeys, Doc: "A cable, or a radio, between two hosts; the same in both directions."},
}

var natKeys = []Key{
	stackKey, addrKey, sysctlKey,
	{Name: "preset", Kind: Preset, Words: []string{"nat"},
		Doc: "timeouts and behaviour of a known device or service; " +
			"the other keys change it"},
	{Name: "timeout", Kind: Duration, Default: "120h", Doc: "idle time of an established connection",
		Explains: "a forgotten connection"},
	{Name: "transitory", Kind: Duration, Default: "2m",
		Doc: "idle time of a connection that begins or ends"},
	{Name: "unacked", Kind: Duration, Default: "5m", Doc: "idle time while data is unacknowledged",
		Explains: "a forgotten connection"},
	{Name: "loose", Kind: OnOff, Default: "on",
		Doc: "a packet from inside in the middle of an unknown connection makes a mapping"},
	{Name: "on-forgotten", Kind: Enum, Default: "drop", Words: []string{"drop", "reset", "pass"},
		Doc: "what a packet from inside without a mapping meets", Explains: "silence, or a reset"},
	{Name: "on-unsolicited", Kind: Enum, Default: "drop", Words: []string{"drop", "reset", "pass"},
		Doc: "what a packet from outside without a mapping meets", Explains: "silence, or a reset"},
	{Name: "translate", Kind: OnOff, Default: "on",
		Doc: "off: a firewall, which follows connections and leaves addresses alone"},
	{Name: "outside", Kind: HostName, Doc: "the neighbour towards the world; default: that of the " +
		"link written last"},
}

var clientKeys = []Key{
	stackKey, addrKey, sysctlKey,
	{Name: "host", Kind: HostName, Doc: "where it runs; default: a host of its own, with its name"},
	{Name: "broker", Kind: BrokerName, Doc: "which one; needed if there are several"},
	{Name: "id", Kind: Text, Doc: "MQTT client identifier; default: its name"},
	{Name: "start", Kind: Duration, Default: "0s", Doc: "when it connects for the first time"},
	{Name: "keepalive", Kind: Duration, Default: "30s", Whole: time.Second, Max: int64(maxKeepalive),
		Doc: "MQTT keepalive, whole seconds up to 18h12m15s; 0s: no pings", Explains: "PINGREQ"},
	{Name: "ping-timeout", Kind: Duration, Default: "10s",
		Doc: "how long a PINGREQ may stay unanswered", Explains: "connection lost"},
	{Name: "connect-timeout", Kind: Duration, Default: "30s",
		Doc: "of one attempt, from SYN to CONNACK", Explains: "an attempt that ended"},
	{Name: "write-timeout", Kind: Duration, Default: "0s",
		Doc: "how long a write may block; 0s: for ever"},
	{Name: "session", Kind: Enum, Default: "clean", Words: []string{"clean", "kept"},
		Doc: "kept: the broker remembers subscriptions and QoS 1 and 2 messages", Explains: "deafness"},
	{Name: "resubscribe", Kind: OnOff, Default: "on",
		Doc: "the program subscribes again whenever it is connected", Explains: "deafness"},
	{Name: "resume-subs", Kind: OnOff, Default: "off",
		Doc: "SUBSCRIBEs that were not acknowledged are sent again"},
	{Name: "auto-reconnect", Kind: OnOff, Default: "on",
		Doc: "paho connects again by itself when a connection is lost", Explains: "reconnecting"},
	{Name: "connect-retry", Kind: OnOff, Default: "off", Doc: "the first connect is retried, too",
		Explains: "attempts before the first connection"},
	{Name: "connect-retry-interval", Kind: Duration, Default: "30s", Doc: "pause between these",
		Explains: "attempts before the first connection"},
	{Name: "max-reconnect-interval", Kind: Duration, Default: "10m",
		Doc: "the pause between attempts doubles from 1 s up to this", Explains: "a late reconnect"},
	{Name: "reconnect-jitter", Kind: Duration, Default: "0s",
		Doc: "the program waits a random time up to this before each attempt to reconnect, in paho's " +
			"OnReconnecting handler; paho itself has no jitter",
		Explains: "a late reconnect"},
	{Name: "order", Kind: OnOff, Default: "on", Doc: "messages are handed on one after the other"},
	{Name: "will", Kind: Text, Doc: "TOPIC:PAYLOAD, published by the broker if the client vanishes"},
	{Name: "will-qos", Kind: Int, Default: "0", Max: 2, Doc: "QoS of the will"},
	{Name: "will-retain", Kind: OnOff, Default: "off", Doc: "the will is retained"},
	tcpKeepaliveKey, nodelayKey,
	{Name: "clock", Kind: Enum, Default: "real", Words: []string{"real", "ideal"},
		Doc: "real: a write costs some microseconds, as on real machines; ideal: nothing"},
}

var linkKeys = []Key{
	{Name: "preset", Kind: Preset, Words: []string{"link"},
		Doc: "a known kind of link; the other keys change it"},
	{Name: "latency", Kind: Duration, Default: "10ms", Doc: "one way", Explains: "round-trip times"},
	{Name: "jitter", Kind: Duration, Default: "0s", Doc: "added to it, between nothing and this"},
	{Name: "reorder", Kind: OnOff, Default: "off",
		Doc: "with jitter, segments may overtake each other"},
	{Name: "loss", Kind: Percent, Default: "0%", Doc: "lost at random", Explains: "retransmissions"},
	{Name: "duplicate", Kind: Percent, Default: "0%", Doc: "delivered twice"},
	{Name: "corrupt", Kind: Percent, Default: "0%", Doc: "damaged, and dropped by the receiver"},
	{Name: "rate", Kind: Rate, Default: "unlimited", Doc: "of IP packets, each way",
		Explains: "waiting in the queue"},
	{Name: "queue", Kind: Size, Default: "unlimited", Doc: "room in front of a limited rate",
		Explains: "waiting in the queue"},
}
