package netmodel

// NATs, firewalls and load balancers. Values: established and the other timeouts of NATTimeouts
// (transitory stands for all but established), forgotten and unsolicited (drop, reset, pass),
// loose, on-timeout (reset).
var presetsNAT = []Preset{
	{ID: "linux-conntrack", Kind: PresetNAT,
		Title: "Linux connection tracking (home routers, containers)",
		Values: []Value{
			{Name: "established", Value: "432000", Unit: "s"}, {Name: "syn-sent", Value: "120", Unit: "s"},
			{Name: "syn-recv", Value: "60", Unit: "s"}, {Name: "fin-wait", Value: "120", Unit: "s"},
			{Name: "close-wait", Value: "60", Unit: "s"}, {Name: "last-ack", Value: "30", Unit: "s"},
			{Name: "time-wait", Value: "120", Unit: "s"}, {Name: "close", Value: "10", Unit: "s"},
			{Name: "max-retrans", Value: "300", Unit: "s"}, {Name: "retrans-limit", Value: "3"},
			{Name: "unacknowledged", Value: "300", Unit: "s"}, {Name: "loose", Value: "on"},
			{Name: "forgotten", Value: "drop"}, {Name: "unsolicited", Value: "drop"},
		},
		Source: Source{"kernel, Documentation/networking/nf_conntrack-sysctl.rst",
			"https://www.kernel.org/doc/html/latest/networking/nf_conntrack-sysctl.html", "2026-11", High},
		Notes: "Five days, but five minutes while data is unacknowledged or retransmitted three " +
			"times. Dropping what is unknown is the usual firewall rule, not the kernel's own doing."},
	{ID: "linux-conntrack-plain", Kind: PresetNAT, Title: "The same without firewall rules",
		Values: []Value{
			{Name: "established", Value: "432000", Unit: "s"}, {Name: "loose", Value: "on"},
			{Name: "forgotten", Value: "pass"}, {Name: "unsolicited", Value: "pass"},
		},
		Source: Source{"captures of real Linux 6.18 routers with MASQUERADE", "", "2026-11-23", High},
		Notes: "Packets from outside without a mapping reach the router's own stack, which answers " +
			"RST; packets from inside that cannot make one leave untranslated."},
	{ID: "aws-nat-gateway", Kind: PresetNAT, Title: "AWS NAT gateway",
		Values: []Value{
			{Name: "established", Value: "350", Unit: "s"}, {Name: "loose", Value: "off"},
			{Name: "forgotten", Value: "reset",
				From: &Source{"cloudnetworking.pro, Cloud NAT Timeouts Demystified",
					"https://cloudnetworking.pro/cloud-nat-timeouts-demystified", "2026-11-23", Medium}},
			{Name: "unsolicited", Value: "drop",
				From: &Source{"inferred: nothing outside can open a connection", "", "2026-11", Low}},
		},
		Source: Source{"AWS VPC documentation, NAT gateways", "", "2026-11", High},
		Notes:  "The next packet from inside gets a RST."},
	{ID: "aws-nlb-tcp", Kind: PresetNAT, Title: "AWS Network Load Balancer, TCP listener",
		Values: []Value{
			{Name: "established", Value: "350", Unit: "s"}, {Name: "min", Value: "60", Unit: "s"},
			{Name: "max", Value: "6000", Unit: "s"}, {Name: "loose", Value: "off"},
			{Name: "keep-address", Value: "on"}, {Name: "forgotten", Value: "reset", From: awsReset},
			{Name: "unsolicited", Value: "reset", From: awsReset},
		},
		Source: Source{"AWS: configurable TCP idle timeout, 2024-09-03",
			"https://aws.amazon.com/about-aws/whats-new/2024/09/aws-network-load-balancer-tcp-idle-timeout",
			"2026-11-23", High},
		Notes: "Listener attribute tcp.idle_timeout.seconds."},
	{ID: "aws-nlb-tls", Kind: PresetNAT, Title: "AWS Network Load Balancer, TLS listener",
		Values: []Value{
			{Name: "established", Value: "350", Unit: "s"}, {Name: "loose", Value: "off"},
			{Name: "keep-address", Value: "on"}, {Name: "forgotten", Value: "reset", From: awsReset},
			{Name: "unsolicited", Value: "reset", From: awsReset},
		},
		Source: Source{"AWS Elastic Load Balancing documentation", "", "2026-11", High}, Notes: "Fixed."},
	{ID: "aws-ec2-conntrack", Kind: PresetNAT, Title: "AWS security groups",
		Values: []Value{
			{Name: "established", Value: "432000", Unit: "s"},
			{Name: "established", Value: "350", Unit: "s",
				From: &Source{"AWS EC2 documentation: Nitro v6 and later", "", "2026-11", High}},
			{Name: "min", Value: "60", Unit: "s"}, {Name: "keep-address", Value: "on"},
			{Name: "loose", Value: "off"}, {Name: "forgotten", Value: "drop"},
			{Name: "unsolicited", Value: "drop"},
		},
		Source: Source{"AWS EC2 API, ConnectionTrackingSpecification, TcpEstablishedTimeout",
			"https://docs.aws.amazon.com/AWSEC2/latest/APIReference/" +
				"API_ConnectionTrackingSpecification.html",
			"2026-11-23", High},
		Notes: "The default depends on the instance's generation."},
	{ID: "aws-network-firewall", Kind: PresetNAT, Title: "AWS Network Firewall",
		Values: []Value{
			{Name: "established", Value: "350", Unit: "s"}, {Name: "min", Value: "60", Unit: "s"},
			{Name: "max", Value: "6000", Unit: "s"}, {Name: "keep-address", Value: "on"},
			{Name: "loose", Value: "off"}, {Name: "forgotten", Value: "drop"},
			{Name: "unsolicited", Value: "drop"},
		},
		Source: Source{"AWS Network Firewall API, FlowTimeouts",
			"https://docs.aws.amazon.com/network-firewall/latest/APIReference/API_FlowTimeouts.html",
			"2026-11-23", High},
		Notes: "After the timeout data packets are dropped; the next SYN is a new flow."},
	{ID: "azure-lb", Kind: PresetNAT, Title: "Azure Load Balancer",
		Values: azureLB("drop"), Source: azureLBSource,
		Notes: "Silence is the default. 4 to 100 minutes can be set."},
	{ID: "azure-lb-reset", Kind: PresetNAT, Title: "Azure Load Balancer with TCP reset",
		Values: append(azureLB("drop"), Value{Name: "on-timeout", Value: "reset"}), Source: azureLBSource,
		Notes: "A RST to both ends at the moment of the idle timeout, if the rule enables it."},
	{ID: "gcp-cloud-nat", Kind: PresetNAT, Title: "Google Cloud NAT",
		Values: []Value{
			{Name: "established", Value: "1200", Unit: "s"}, {Name: "transitory", Value: "30", Unit: "s"},
			{Name: "udp", Value: "30", Unit: "s"}, {Name: "time-wait", Value: "120", Unit: "s"},
			{Name: "time-wait", Value: "30", Unit: "s",
				From: &Source{"Google Cloud documentation: new gateways, announced for 2026-09-30",
					"", "2026-11", High}},
			{Name: "loose", Value: "off"}, {Name: "forgotten", Value: "drop"},
			{Name: "unsolicited", Value: "drop"},
		},
		Source: Source{"Google Compute API, RouterNat.tcpEstablishedIdleTimeoutSec and neighbours",
			"https://cloud.google.com/compute/docs/reference/rest/v1/routers", "2026-11", High}},
	{ID: "gdc-hosted", Kind: PresetNAT, Title: "Google Distributed Cloud, hosted",
		Values: []Value{{Name: "established", Value: "8000", Unit: "s"}, {Name: "loose", Value: "off"}},
		Source: Source{"Google Distributed Cloud documentation", "", "2026-11", High}},
	{ID: "junos-services", Kind: PresetNAT, Title: "Junos services, inactivity timeout",
		Values: []Value{{Name: "established", Value: "30", Unit: "s"}, {Name: "loose", Value: "off"}},
		Source: Source{"Juniper, default timeout settings for services interfaces",
			"https://juniper.net/documentation/en_US/junos12.3/topics/usage-guidelines/" +
				"services-configuring-default-timeout-settings-for-services-interfaces.html",
			"2026-11-28", High},
		Notes: "inactivity-timeout; 4 to 86400 s can be set."},
	{ID: "kaspersky-ngfw", Kind: PresetNAT, Title: "Kaspersky NGFW",
		Values: []Value{{Name: "established", Value: "3600", Unit: "s"}, {Name: "loose", Value: "off"}},
		Source: Source{"the vendor's documentation", "", "2026-11", High}},
	{ID: "linksys-befsr41", Kind: PresetNAT, Title: "Linksys BEFSR41 (about 2000)",
		Values: []Value{{Name: "established", Value: "7200", Unit: "s"}, {Name: "loose", Value: "off"}},
		Source: Source{"a thread at dslreports", "", "2026-11", Low}},
	{ID: "rfc5382-good", Kind: PresetNAT, Title: "A NAT that just keeps RFC 5382",
		Values: []Value{
			{Name: "established", Value: "7440", Unit: "s"}, {Name: "transitory", Value: "240", Unit: "s"},
			{Name: "loose", Value: "off"},
		},
		Source: Source{"RFC 5382, REQ-5", "https://www.rfc-editor.org/rfc/rfc5382", "2026-11", High}},
	{ID: "home-gateway-min-2010", Kind: PresetNAT,
		Title: "The shortest of 34 home gateways, 2010",
		Values: []Value{
			{Name: "established", Value: "240", Unit: "s"}, {Name: "loose", Value: "off"},
			{Name: "udp", Value: "30", Unit: "s", From: &Source{"the authors' slides on the same study",
				hatonen.URL, "2026-11", Medium}},
		},
		Source: hatonen, Notes: "About 4 minutes; unverified, the paper's data were not read."},
	{ID: "home-gateway-med-2010", Kind: PresetNAT, Title: "The median of 34 home gateways, 2010",
		Values: []Value{{Name: "established", Value: "3600", Unit: "s"}, {Name: "loose", Value: "off"}},
		Source: hatonen, Notes: "About 60 minutes; several held over 24 hours. Unverified."},
	{ID: "nokia-2008", Kind: PresetNAT, Title: "Mobile operators as Nokia saw them, 2008",
		Values: []Value{
			{Name: "established", Value: "1800", Unit: "s"}, {Name: "max", Value: "3600", Unit: "s"},
			{Name: "loose", Value: "off"}, {Name: "udp", Value: "30", Unit: "s"},
			{Name: "udp-max", Value: "180", Unit: "s"},
		},
		Source: Source{"Eronen 2008, by way of blog.wirelessmoves.com",
			"https://blog.wirelessmoves.com/2008/08", "2026-11", Medium}, Notes: "30 to 60 minutes; UDP 30 to 180 s."},
}

var awsReset = &Source{"recalled; some articles report RSTs from the load balancer", "", "2026-11",
	Unverified}

var azureLBSource = Source{"Microsoft, Load Balancer TCP reset and idle timeout",
	"https://learn.microsoft.com/en-us/azure/load-balancer/load-balancer-tcp-reset", "2026-11-23",
	High}

var hatonen = Source{"Hätönen et al., An experimental study of home gateway characteristics, " +
	"IMC 2010",
	"https://www.cs.helsinki.fi/group/wiseciti/nat-study", "2026-11", Unverified}

func azureLB(forgotten string) []Value {
	return []Value{{Name: "established", Value: "240", Unit: "s"}, {Name: "min", Value: "240",
		Unit: "s"},
		{Name: "max", Value: "6000", Unit: "s"}, {Name: "loose", Value: "off"}, {Name: "keep-address",
			Value: "on"},
		{Name: "forgotten", Value: forgotten}, {Name: "unsolicited", Value: forgotten}}
}
