package netmodel

// What the standards ask for.
var presetsStandard = []Preset{
	{ID: "mqtt-3.1.1", Kind: PresetStandard, Title: "MQTT 3.1.1",
		Values: []Value{
			{Name: "server-drops-after", Value: "1.5", Unit: "x"},
			{Name: "keepalive-max", Value: "65535", Unit: "s"},
			{Name: "client-waits-for-pingresp", Value: "a reasonable time"},
		},
		Source: Source{"MQTT 3.1.1, 3.1.2.10, [MQTT-3.1.2-24]",
			"https://docs.oasis-open.org/mqtt/mqtt/v3.1.1/os/mqtt-v3.1.1-os.html", "2026-11", High},
		Notes: "The server must drop a client without a control packet for 1.5 times the keepalive. " +
			"For the client's wait no number is given, which is why libraries differ. Keepalive 0 is off."},
	{ID: "mqtt-5", Kind: PresetStandard, Title: "MQTT 5",
		Values: []Value{
			{Name: "server-drops-after", Value: "1.5", Unit: "x"},
			{Name: "server-keep-alive", Value: "the client must use the server's value"},
		},
		Source: Source{"MQTT 5.0, 3.1.2.10 and 3.2.2.3.14",
			"https://docs.oasis-open.org/mqtt/mqtt/v5.0/mqtt-v5.0.html", "2026-11", Medium},
		Notes: "Section 3.2.2.3.14 was not read again."},
	{ID: "rfc5382", Kind: PresetStandard, Title: "NAT behaviour for TCP",
		Values: []Value{
			{Name: "established", Value: "7440", Unit: "s"},
			{Name: "transitory", Value: "240", Unit: "s",
				From: &Source{"RFC 5382, REQ-5", "https://www.rfc-editor.org/rfc/rfc5382", "2026-11", Medium}},
		},
		Source: Source{"RFC 5382, REQ-5", "https://www.rfc-editor.org/rfc/rfc5382", "2026-11", High},
		Notes:  "At least so long; 2 h 4 min lets TCP keepalive of two hours work."},
	{ID: "rfc1122", Kind: PresetStandard, Title: "Requirements for hosts: TCP",
		Values: []Value{
			{Name: "give-up-data", Value: "100", Unit: "s"},
			{Name: "give-up-syn", Value: "180", Unit: "s",
				From: &Source{"RFC 1122, 4.2.3.5",
					"https://www.rfc-editor.org/rfc/rfc1122", "2026-11", Unverified}},
			{Name: "keepalive-idle", Value: "7200", Unit: "s",
				From: &Source{"RFC 1122, 4.2.3.6",
					"https://www.rfc-editor.org/rfc/rfc1122", "2026-11", Unverified}},
		},
		Source: Source{"RFC 1122, 4.2.3.5, as repeated in Linux' ip-sysctl",
			"https://www.rfc-editor.org/rfc/rfc1122", "2026-11", High},
		Notes: "At least so long. TCP keepalive is off by default."},
	{ID: "rfc6298", Kind: PresetStandard, Title: "TCP's retransmission timer",
		Values: []Value{
			{Name: "rto-initial", Value: "1000", Unit: "ms",
				From: &Source{"RFC 6298, (2.1)", "https://www.rfc-editor.org/rfc/rfc6298", "2026-11", High}},
			{Name: "rto-min", Value: "1000", Unit: "ms"}, {Name: "rto-max", Value: "60", Unit: "s"},
		},
		Source: Source{"RFC 6298, (2.4), (2.5), (5.5)", "https://www.rfc-editor.org/rfc/rfc6298",
			"2026-11", Unverified},
		Notes: "The minimum is a SHOULD that Linux and XNU do not follow. A maximum, if any, is at " +
			"least 60 s. The timer doubles with each expiry."},
}
