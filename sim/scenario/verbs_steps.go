package scenario

var (
	anyProgram = []string{"client", "broker"}
	onlyClient = []string{"client"}

	qosKey = Key{Name: "qos", Kind: Int, Default: "0", Max: 2, Doc: "quality of service"}
)

var programVerbs = []Verb{
	{Name: "connect", Class: Program, By: onlyClient, Doc: "Connects, after a disconnect."},
	{Name: "disconnect", Class: Program, By: onlyClient,
		Doc: "Ends the session in order: DISCONNECT, then FIN."},
	{Name: "subscribe", Class: Program, By: onlyClient, Args: []Arg{{"filter", Filter, ""}},
		Keys: []Key{qosKey}, Doc: "Subscribes, and again after each reconnect if resubscribe=on."},
	{Name: "unsubscribe", Class: Program, By: onlyClient, Args: []Arg{{"filter", Filter, ""}},
		Doc: "Ends a subscription."},
	{Name: "publish", Class: Program, By: anyProgram,
		Args: []Arg{{"topic", Topic, ""}, {"payload", Payload, ""}},
		Keys: []Key{qosKey, {Name: "retain", Kind: OnOff, Default: "off",
			Doc: "the broker keeps it for later subscribers"},
			{Name: "size", Kind: Size, Max: 1 << 20, Doc: "the payload is filled up with dots to so much"}},
		Doc: "Publishes a message. {unix} in the payload becomes the program's clock in whole " +
			"seconds, {n} the number of the message in this statement, from 1."},
	{Name: "stop", Class: Program, By: anyProgram, For: true,
		Doc: "A broker shuts down in order, for a time or for good; a client's process ends."},
	{Name: "kill", Class: Program, By: anyProgram, For: true,
		Doc: "The process ends at once, as by SIGKILL: the kernel closes its connections."},
	{Name: "start", Class: Program, By: anyProgram, Doc: "Starts it again after stop or kill."},
	{Name: "freeze", Class: Program, By: anyProgram, For: true,
		Doc: "The process stops (SIGSTOP): its kernel goes on acknowledging, nobody answers."},
	{Name: "thaw", Class: Program, By: anyProgram, Doc: "It goes on (SIGCONT)."},
}

var (
	onPath  = Arg{"path", Path, "A B both ways, A > B that way only, A all links of A"}
	onLink  = []Arg{onPath}
	onHost  = []Arg{{"host", HostName, ""}}
	howMuch = Key{Name: "rate", Kind: Percent, Default: "100%", Doc: "of the segments"}
)

var faultVerbs = []Verb{
	{Name: "cut", Class: Fault, For: true, Args: onLink,
		Doc: "Drops everything, silently."},
	{Name: "heal", Class: Fault, Args: onLink,
		Doc: "Ends every fault of the link, or, with one host, of that host and its links."},
	{Name: "reset", Class: Fault, For: true, Args: onLink,
		Doc: "Answers each segment with a RST to its sender, as a firewall that rejects."},
	{Name: "unreachable", Class: Fault, For: true, Args: onLink,
		Keys: []Key{{Name: "code", Kind: Enum, Default: "host",
			Words: []string{"net", "host", "port", "admin"}, Doc: "what the ICMP message says"}},
		Doc: "Drops, and sends ICMP destination unreachable to the sender."},
	{Name: "drop", Class: Fault, For: true, Args: onLink, Keys: dropKeys,
		Doc: "Drops what it matches: the next PINGRESP, every FIN."},
	{Name: "loss", Class: Fault, For: true, Args: onLink, Keys: []Key{howMuch},
		Doc: "Loses segments at random."},
	{Name: "burst", Class: Fault, For: true, Args: onLink, Keys: burstKeys,
		Doc: "Loses segments in bursts (Gilbert and Elliott)."},
	{Name: "duplicate", Class: Fault, For: true, Args: onLink, Keys: []Key{howMuch},
		Doc: "Delivers segments twice."},
	{Name: "corrupt", Class: Fault, For: true, Args: onLink, Keys: []Key{howMuch},
		Doc: "Damages segments: the receiver's checksum finds out."},
	{Name: "latency", Class: Fault, For: true,
		Args: []Arg{onPath, {"by", Duration, "added to the link's own"}}, Doc: "Slows the link down."},
	{Name: "jitter", Class: Fault, For: true,
		Args: []Arg{onPath, {"by", Duration, "at most"}},
		Keys: []Key{{Name: "reorder", Kind: OnOff, Default: "off", Doc: "segments may overtake"}},
		Doc:  "Delays each segment by its own amount."},
	{Name: "rate", Class: Fault, For: true,
		Args: []Arg{onPath, {"to", Rate, "of IP packets"}},
		Keys: []Key{{Name: "queue", Kind: Size, Default: "unlimited", Doc: "room in front of it"}},
		Doc:  "Narrows the link."},
	{Name: "interface-down", Class: Fault, For: true, Args: onHost,
		Doc: "The host's interfaces are administratively down."},
	{Name: "power-off", Class: Fault, For: true, Args: onHost,
		Doc: "The host is dead: no FIN, no RST, everything forgotten. When the power is back, its " +
			"programs start anew."},
	{Name: "forget", Class: Fault, Args: []Arg{{"nat", NATName, ""}},
		Doc: "The NAT loses its table."},
	{Name: "address", Class: Fault,
		Args: []Arg{{"host", HostName, ""}, {"addr", Addr, "the new one"}},
		Doc:  "The host gets another address, as from Wi-Fi to the mobile network."},
}

var dropKeys = []Key{
	{Name: "match", Kind: Enum, Default: "any", Words: []string{"any", "SYN", "FIN", "RST", "ACK",
		"CONNECT", "CONNACK", "PUBLISH", "PUBACK", "PUBREC", "PUBREL", "PUBCOMP", "SUBSCRIBE", "SUBACK",
		"UNSUBSCRIBE", "UNSUBACK", "PINGREQ", "PINGRESP", "DISCONNECT"},
		Doc: "an MQTT packet that begins in the segment, or a control bit of TCP"},
	{Name: "id", Kind: Int, Default: "0", Max: 65535, Doc: "its packet identifier; 0: any"},
	{Name: "skip", Kind: Int, Default: "0", Max: maxCount, Doc: "let so many pass first"},
	{Name: "count", Kind: Int, Default: "0", Max: maxCount, Doc: "then drop so many; 0: all"},
}

var burstKeys = []Key{
	{Name: "enter", Kind: Percent, Default: "1%", Doc: "chance that a burst begins with a segment"},
	{Name: "leave", Kind: Percent, Default: "25%", Doc: "chance that it ends with one"},
	{Name: "loss", Kind: Percent, Default: "100%", Doc: "lost within a burst"},
	{Name: "loss-between", Kind: Percent, Default: "0%", Doc: "lost outside of bursts"},
}
