package scenario

import "slices"

// brokerKeys and clientKeys are the settings of real programs, under the libraries' own names and
// with their own defaults.
var brokerKeys = slices.Concat(stackKeys, socketKeys, []Key{
	key("port", Int, "1883", "TCP port"),
	key("persist", Bool, "off", "its session store survives a restart"),
})

var clientKeys = slices.Concat([]Key{
	key("broker", Name, "", "whom it connects to; default: the only broker"),
	key("host", Name, "", "run on that machine; default: one of its own"),
	key("id", Text, "", "MQTT client id; default: its name"),
	key("keepalive", Duration, "30s", "PINGREQ after so long without a packet; whole seconds, 0s: never"),
	key("ping-timeout", Duration, "10s", "give up when PINGRESP takes longer"),
	key("connect-timeout", Duration, "30s", "of one attempt, dial to CONNACK"),
	enum("session", "clean", "clean: forget everything at each connect; kept: the broker remembers",
		"clean", "kept"),
	key("auto-reconnect", Bool, "on", "connect again after a loss"),
	key("connect-retry", Bool, "off", "repeat the first connect, too"),
	key("connect-retry-interval", Duration, "30s", "between such attempts"),
	key("max-reconnect-interval", Duration, "10m", "the back-off doubles from 1s to this"),
	key("write-timeout", Duration, "0s", "deadline for each write; 0s: none"),
	key("resubscribe", Bool, "on", "the program subscribes in its OnConnect handler"),
	key("resume-subs", Bool, "off", "send stored, unacknowledged SUBSCRIBEs again"),
	key("order", Bool, "on", "handle messages in order (SetOrderMatters)"),
	key("will", Text, "", "TOPIC:PAYLOAD that the broker publishes when the client disappears"),
	enum("will-qos", "0", "of the will", "0", "1", "2"),
	key("will-retain", Bool, "off", "of the will"),
	enum("clock", "real", "ideal: the program takes no time at all", "real", "ideal"),
	key("start", Duration, "0s", "when it connects first"),
}, socketKeys, stackKeys)

var natKeys = slices.Concat([]Key{
	key("preset", Text, "", "NAT preset, as aws-nlb-tcp: see `halfopen presets`"),
	key("timeout", Duration, "0s", "of an established, idle connection; 0s: Linux' 5 days"),
	key("transitory", Duration, "0s", "while opening and closing; 0s: Linux' own, by state"),
	key("unacked", Duration, "0s", "while data is unacknowledged; 0s: Linux' 300s"),
	key("loose", Bool, "on", "pick up a forgotten connection in the middle"),
	enum("on-forgotten", "drop", "what a packet of a forgotten connection meets", "drop", "reset", "pass"),
	enum("on-unsolicited", "drop", "the same for one from outside", "drop", "reset", "pass"),
	key("firewall", Bool, "off", "follow connections, but leave addresses alone"),
	key("outside", Name, "", "the neighbour outside; default: that of its last link"),
}, stackKeys)

// verbOf finds a verb in the table. One word may mean two things, with a time and without.
func verbOf(name string, when When) *Verb {
	for i := range Verbs {
		if Verbs[i].Verb == name && Verbs[i].When == when {
			return &Verbs[i]
		}
	}
	return nil
}

// Spec returns what the table says about the statement's verb, or nil.
func (s *Statement) Spec() *Verb {
	when := Always
	if s.IsStep() {
		when = Timed
	}
	return verbOf(s.Verb, when)
}

// IsStep reports whether the statement happens at a time: a program's step, or a fault.
func (s *Statement) IsStep() bool { return s.HasAt || s.Every > 0 }

// key finds a verb's key.
func (v *Verb) key(name string) *Key {
	for i := range v.Keys {
		if v.Keys[i].Key == name {
			return &v.Keys[i]
		}
	}
	return nil
}
