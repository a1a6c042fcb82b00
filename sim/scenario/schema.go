package scenario

// Kind says what the text of a value means.
type Kind uint8

// The kinds of value.
const (
	Text     Kind = iota
	Duration      // 1m30s; in some places "off" is allowed too: see Key.Off
	Int
	Bool    // on or off
	Percent // 20%, 0.5%
	Rate    // bits a second: 250kbit, 2Mbit; 0 is unlimited
	Size    // bytes: 64KiB, 16MiB
	Enum    // one of Key.Values
	Name    // of a host, a broker, a client
	Instant // RFC 3339
	Address // IPv4
)

// Key is one setting that a verb takes as key=value.
type Key struct {
	Key     string
	Kind    Kind
	Default string   // as text; what the accessors return when it is not written
	Values  []string // of Enum
	Off     bool     // "off" is a value too
	Doc     string
}

// Verb is what a statement can say. The table Verbs is the whole language.
type Verb struct {
	Verb  string
	Usage string // of its arguments, for people
	Args  []Kind // ... and for the parser; the kind Text for what may be quoted
	Links bool   // the two arguments name the ends of a link; ">" between them gives a direction
	When  When
	For   bool   // "for DURATION" is allowed
	Actor string // "client", "broker", "both": who does it; empty: nobody, it is a fault
	Keys  []Key
	Doc   string
}

// When says where a verb may stand.
type When uint8

// Places for verbs.
const (
	Always When = iota // without a time
	Timed              // after "at TIME", or "every TIME from TIME"
)

func key(name string, kind Kind, def, doc string) Key {
	return Key{Key: name, Kind: kind, Default: def, Doc: doc}
}

func enum(name, def, doc string, values ...string) Key {
	return Key{Key: name, Kind: Enum, Default: def, Values: values, Doc: doc}
}

func orOff(k Key) Key {
	k.Off = true
	return k
}

var stackKeys = []Key{
	key("stack", Text, "", "TCP stack preset of the machine: see `halfopen presets`; default Linux"),
	key("addr", Address, "", "IPv4 address; default: the next one of 10.0.0.0/24"),
}

var socketKeys = []Key{
	orOff(key("tcp-keepalive", Duration, "15s",
		"idle time and interval of TCP keepalive probes; Go's own default is 15s")),
	key("nodelay", Bool, "on", "TCP_NODELAY; off: Nagle's algorithm"),
}

var conditionKeys = []Key{
	key("latency", Duration, "10ms", "one way"),
	key("jitter", Duration, "0s", "added to the latency, between 0 and this"),
	key("reorder", Bool, "off", "segments may overtake each other by jitter"),
	key("loss", Percent, "0%", "segments lost at random, each way"),
	key("duplicate", Percent, "0%", "segments delivered twice"),
	key("rate", Rate, "0", "bits a second of IP packets; 0 is unlimited"),
	key("queue", Size, "0", "room in front of a link with a rate; 0 is unlimited"),
	key("preset", Text, "", "link preset, as lte: see `halfopen presets`"),
}

var publishKeys = []Key{
	enum("qos", "0", "quality of service", "0", "1", "2"),
	key("retain", Bool, "off", "the broker keeps it for later subscribers"),
}

// Verbs is the language: what a statement can say, in the order of the documentation.
var Verbs = []Verb{
	{Verb: "seed", Usage: "N", Args: []Kind{Int}, Doc: "all chance of the run follows from it"},
	{Verb: "run", Usage: "DURATION", Args: []Kind{Duration}, Doc: "virtual length of the run"},
	{Verb: "start", Usage: "INSTANT", Args: []Kind{Instant},
		Doc: "what clocks show at 0 (RFC 3339); default 2026-01-01T00:00:00Z"},
	{Verb: "limit", Doc: "what the run may grow to", Keys: []Key{
		key("events", Int, "4000000", "of the trace"), key("hosts", Int, "60000", "machines")}},
	{Verb: "host", Usage: "NAME", Args: []Kind{Name}, Keys: stackKeys,
		Doc: "a machine without programs, or for clients with host="},
	{Verb: "router", Usage: "NAME", Args: []Kind{Name}, Keys: stackKeys,
		Doc: "a machine that passes on what is not for itself"},
	{Verb: "nat", Usage: "NAME", Args: []Kind{Name}, Keys: natKeys,
		Doc: "a router that translates the addresses of what is behind it"},
	{Verb: "broker", Usage: "NAME", Args: []Kind{Name}, Keys: brokerKeys,
		Doc: "a real mochi-mqtt server, on a machine of that name"},
	{Verb: "client", Usage: "NAME", Args: []Kind{Name}, Keys: clientKeys,
		Doc: "a real paho.mqtt.golang client, on a machine of that name"},
	{Verb: "link", Usage: "A B", Args: []Kind{Name, Name}, Keys: conditionKeys,
		Doc: "joins two machines"},

	{Verb: "connect", When: Timed, Actor: "client", Doc: "connect again after disconnect"},
	{Verb: "disconnect", When: Timed, Actor: "client", Doc: "DISCONNECT, then FIN"},
	{Verb: "subscribe", Usage: "FILTER", Args: []Kind{Text}, When: Timed, Actor: "client",
		Keys: publishKeys[:1], Doc: "subscribe, and again after each reconnect if resubscribe=on"},
	{Verb: "unsubscribe", Usage: "FILTER", Args: []Kind{Text}, When: Timed, Actor: "client",
		Doc: "end a subscription"},
	{Verb: "publish", Usage: "TOPIC PAYLOAD", Args: []Kind{Text, Text}, When: Timed, Actor: "both",
		Keys: publishKeys, Doc: "{unix} and {n} in the payload are the clock in seconds and a count"},
	{Verb: "kill", When: Timed, Actor: "both", For: true,
		Doc: "SIGKILL: the kernel closes its connections; a broker starts again after `for`"},
	{Verb: "freeze", When: Timed, Actor: "both", For: true,
		Doc: "SIGSTOP: the kernel acknowledges, nobody answers"},
	{Verb: "thaw", When: Timed, Actor: "both", Doc: "SIGCONT"},
	{Verb: "stop", When: Timed, Actor: "both", For: true,
		Doc: "an orderly end; a broker starts again after `for`"},
	{Verb: "start", When: Timed, Actor: "broker", Doc: "start a stopped broker"},

	{Verb: "cut", Usage: "A [>] B", Args: []Kind{Name, Name}, Links: true, When: Timed, For: true,
		Doc: "drop everything, silently; with > one way"},
	{Verb: "heal", Usage: "A [>] B", Args: []Kind{Name, Name}, Links: true, When: Timed,
		Doc: "end all faults of the link"},
	{Verb: "reset", Usage: "A [>] B", Args: []Kind{Name, Name}, Links: true, When: Timed, For: true,
		Doc: "answer each segment with RST, as a rejecting firewall"},
	{Verb: "unreachable", Usage: "A [>] B", Args: []Kind{Name, Name}, Links: true, When: Timed,
		For: true, Doc: "answer with ICMP host unreachable, as a router without a path"},
	{Verb: "loss", Usage: "A [>] B", Args: []Kind{Name, Name}, Links: true, When: Timed, For: true,
		Keys: []Key{key("rate", Percent, "20%", "of the segments")}, Doc: "random loss"},
	{Verb: "burst", Usage: "A [>] B", Args: []Kind{Name, Name}, Links: true, When: Timed, For: true,
		Keys: burstKeys, Doc: "loss in bursts (Gilbert and Elliott)"},
	{Verb: "latency", Usage: "A [>] B DURATION", Args: []Kind{Name, Name, Duration}, Links: true,
		When: Timed, For: true, Doc: "more latency"},
	{Verb: "jitter", Usage: "A [>] B DURATION", Args: []Kind{Name, Name, Duration}, Links: true,
		When: Timed, For: true, Keys: []Key{key("reorder", Bool, "off", "let segments overtake")},
		Doc: "latency that varies"},
	{Verb: "duplicate", Usage: "A [>] B", Args: []Kind{Name, Name}, Links: true, When: Timed,
		For: true, Keys: []Key{key("rate", Percent, "20%", "of the segments")}, Doc: "deliver twice"},
	{Verb: "rate", Usage: "A [>] B RATE", Args: []Kind{Name, Name, Rate}, Links: true,
		When: Timed, For: true, Keys: []Key{key("queue", Size, "0", "room in front; 0 is unlimited")},
		Doc: "a slower link"},
	{Verb: "drop", Usage: "A [>] B", Args: []Kind{Name, Name}, Links: true, When: Timed, For: true,
		Keys: dropKeys, Doc: "drop by content"},
	{Verb: "interface-down", Usage: "HOST", Args: []Kind{Name}, When: Timed, For: true,
		Doc: "the machine's network interface is down"},
	{Verb: "power-off", Usage: "HOST", Args: []Kind{Name}, When: Timed,
		Doc: "everything the machine knew is gone, and nobody is told"},
	{Verb: "forget", Usage: "NAT", Args: []Kind{Name}, When: Timed,
		Doc: "the NAT loses its table"},
	{Verb: "address", Usage: "HOST ADDRESS", Args: []Kind{Name, Address}, When: Timed,
		Doc: "another address, as from Wi-Fi to LTE"},

	{Verb: "expect", Usage: "CLIENT WHAT...", Doc: "what must be true of the run: see GRAMMAR.md"},
}

var burstKeys = []Key{
	key("enter", Percent, "1%", "chance per segment that a burst begins"),
	key("leave", Percent, "25%", "chance per segment that it ends"),
	key("loss", Percent, "100%", "loss within a burst"),
}

var dropKeys = []Key{
	key("match", Text, "", "an MQTT packet type that begins in the segment, or SYN, FIN, RST"),
	key("id", Int, "0", "packet identifier; 0: any"),
	key("skip", Int, "0", "let this many pass first"),
	key("count", Int, "1", "then drop this many; 0: all"),
}
