package netmodel

// When MQTT brokers drop a silent client (drop-x times the keepalive, up to drop-late later), and
// which keepalives they accept.
var presetsBroker = []Preset{
	{ID: "mochi", Kind: PresetBroker, Title: "mochi-mqtt 2.7.9",
		Values: []Value{
			{Name: "drop-x", Value: "1.5", Unit: "x"}, {Name: "drop-late", Value: "19", Unit: "ms"},
			{Name: "keepalive-overflow", Value: "43691", Unit: "s"},
			{Name: "pending-writes", Value: "8192"}, {Name: "real", Value: "yes"},
		},
		Source: Source{"source of the library, and 32 cases captured on real Linux",
			"https://github.com/mochi-mqtt/server", "2026-11-23", High},
		Notes: "A deadline for reading and writing, renewed per packet read: exact. From keepalive " +
			"43691 on, 1.5 times it overflows 16 bits."},
	{ID: "mosquitto", Kind: PresetBroker, Title: "mosquitto 2.0",
		Values: []Value{
			{Name: "drop-x", Value: "1.5", Unit: "x"},
			{Name: "drop-late", Value: "5970", Unit: "ms",
				From: &Source{"32 cases captured on real Linux, 0.39 to 5.97 s late", "", "2026-11-23", High}},
			{Name: "drop-late", Value: "1", Unit: "s"}, {Name: "max-inflight", Value: "20"},
			{Name: "max-queued", Value: "1000"},
		},
		Source: Source{"source: a ring of 1 s", "https://github.com/eclipse-mosquitto/mosquitto",
			"2026-11", High},
		Notes: "max_keepalive is not limited by default. What was measured is later than the ring " +
			"explains."},
	{ID: "emqx", Kind: PresetBroker, Title: "EMQX",
		Values: []Value{
			{Name: "drop-x", Value: "1.5", Unit: "x"}, {Name: "drop-x-min", Value: "1", Unit: "x"},
		},
		Source: Source{"source", "https://github.com/emqx/emqx", "2026-11", High},
		Notes:  "The factor can be configured, at least 1."},
	{ID: "hivemq-ce", Kind: PresetBroker, Title: "HiveMQ CE",
		Values: []Value{
			{Name: "drop-x", Value: "1.5", Unit: "x"}, {Name: "keepalive-max", Value: "65535", Unit: "s"},
		},
		Source: Source{"source", "https://github.com/hivemq/hivemq-community-edition", "2026-11", High},
		Notes:  "An unlimited keepalive is allowed."},
	{ID: "mqttnet-server", Kind: PresetBroker, Title: "MQTTnet server",
		Values: []Value{{Name: "drop-x", Value: "1.5", Unit: "x"}},
		Source: Source{"source", "https://github.com/dotnet/MQTTnet", "2026-11", High}},
	{ID: "tbmq", Kind: PresetBroker, Title: "TBMQ",
		Values: []Value{
			{Name: "drop-x", Value: "1.5", Unit: "x"}, {Name: "drop-late", Value: "1", Unit: "s"},
		},
		Source: Source{"source", "https://github.com/thingsboard/tbmq", "2026-11", High},
		Notes:  "Looks each second."},
	{ID: "aws-iot-core", Kind: PresetBroker, Title: "AWS IoT Core",
		Values: []Value{
			{Name: "drop-x", Value: "1.5", Unit: "x"}, {Name: "keepalive-min", Value: "30", Unit: "s"},
			{Name: "keepalive-min", Value: "5", Unit: "s",
				From: &Source{"AWS service limits as of 2017, in translation",
					"https://blog.csdn.net/whatnamecaniuse/article/details/78065968", "2026-11-23", Low}},
			{Name: "keepalive-max", Value: "1200", Unit: "s",
				From: &Source{"aws-c-mqtt v0.4.27: AWS IoT maxes out at, and defaults to, 1200 s",
					"https://github.com/awslabs/aws-c-mqtt/releases/tag/v0.4.27", "2026-11-23", High}},
			{Name: "keepalive-default", Value: "1200", Unit: "s"},
			{Name: "connects-per-second-per-client", Value: "1"},
		},
		Source: Source{"AWS re:Post, and AWS's quotas as cited by others", "", "2026-11", Medium},
		Notes:  "Keepalive 0 is the default of 1200 s. The lower limit was once 5 s."},
	{ID: "azure-iot-hub", Kind: PresetBroker, Title: "Azure IoT Hub",
		Values: []Value{
			{Name: "drop-x", Value: "1.5", Unit: "x"}, {Name: "drop-max", Value: "1767", Unit: "s"},
			{Name: "keepalive-max", Value: "1177", Unit: "s"},
			{Name: "keepalive-max", Value: "1767", Unit: "s",
				From: &Source{"Nordic nRF Connect SDK documentation", "", "2026-11", High}},
		},
		Source: Source{"MicrosoftDocs, iot-mqtt-connect-to-iot-hub.md",
			"https://learn.microsoft.com/en-us/azure/iot/iot-mqtt-connect-to-iot-hub", "2026-11", High},
		Notes: "The server stops at 29.45 min (1767 s); 1.5 times 1177 s is 1765.5 s. Nordic sets " +
			"1767 s as the keepalive: the two contradict each other."},
	{ID: "azure-event-grid", Kind: PresetBroker, Title: "Azure Event Grid",
		Values: []Value{{Name: "keepalive-max", Value: "1160", Unit: "s"}},
		Source: Source{"documentation of chariot", "", "2026-11", Medium}},
	{ID: "soracom-beam", Kind: PresetBroker, Title: "SORACOM Beam",
		Values: []Value{
			{Name: "drop-x", Value: "1.5", Unit: "x"}, {Name: "keepalive-min", Value: "5", Unit: "s"},
			{Name: "keepalive-max", Value: "1200", Unit: "s"},
			{Name: "drop-without-keepalive", Value: "1800", Unit: "s"},
		},
		Source: Source{"Soracom documentation", "", "2026-11", High},
		Notes:  "Keepalive 0 or 5 to 1200, else refused (not authorized)."},
}
