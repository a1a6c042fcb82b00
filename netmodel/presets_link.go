package netmodel

// Access networks as the table of the comcast tool has them: customary numbers, not measurements.
// Latency is taken one way. rtt is not given by the source; loss is per direction.
var presetsLink = []Preset{
	linkPreset("gprs", "GPRS", "500", "50000", "20000"),
	linkPreset("edge", "EDGE", "300", "250000", "15000"),
	linkPreset("3g", "3G, HSDPA", "250", "750000", "15000"),
	linkPreset("dial-up", "Dial-up modem", "185", "40000", "20000"),
	linkPreset("dsl-poor", "DSL, poor", "70", "2000000", "20000"),
	linkPreset("dsl", "DSL", "40", "8000000", "5000"),
	linkPreset("wifi", "Wi-Fi", "40", "30000000", "2000"),
	{ID: "starlink", Kind: PresetLink, Title: "Starlink",
		Values: []Value{
			{Name: "latency", Value: "20", Unit: "ms"}, {Name: "loss", Value: "25000", Unit: "ppm"},
		},
		Source: comcastTable, Notes: "The table gives no rate."},
	{ID: "lte", Kind: PresetLink, Title: "LTE",
		Values: []Value{
			{Name: "latency", Value: "35", Unit: "ms"}, {Name: "rate", Value: "12000000", Unit: "bit/s"},
			{Name: "queue", Value: "500000", Unit: "bytes"},
		},
		Source: Source{"customary figures for a good LTE cell, recalled", "", "2026-11", Unverified},
		Notes: "Unverified. After some 10 s of silence the radio goes idle, and the first packet " +
			"takes longer: that is not modelled."},
	{ID: "ethernet", Kind: PresetLink, Title: "Wired, as between the captured Linux hosts",
		Values: []Value{
			{Name: "latency", Value: "10", Unit: "ms"}, {Name: "loss", Value: "0", Unit: "ppm"},
		},
		Source: Source{"captures of real Linux hosts, 10 ms one way added by the router (measured " +
			"10.136 ms)",
			"", "2026-11-23", High}},
}

var comcastTable = Source{"tylertreat/comcast README, table of network condition profiles",
	"https://github.com/tylertreat/comcast", "2026-11", High}

func linkPreset(id, title, latency, rate, loss string) Preset {
	return Preset{ID: id, Kind: PresetLink, Title: title, Values: []Value{
		{Name: "latency", Value: latency, Unit: "ms"}, {Name: "rate", Value: rate, Unit: "bit/s"},
		{Name: "loss", Value: loss, Unit: "ppm"}}, Source: comcastTable,
		Notes: "High confidence as customary numbers; nobody measured them."}
}

// What a radio event costs.
var presetsEnergy = []Preset{
	{ID: "nrf9160-nbiot", Kind: PresetEnergy, Title: "nRF9160 on NB-IoT, one event",
		Values: []Value{
			{Name: "charge-per-event", Value: "395.03", Unit: "mC"},
			{Name: "charge-per-event-released", Value: "28.15", Unit: "mC"},
			{Name: "rrc-inactivity", Value: "12", Unit: "s"},
		},
		Source: Source{"measurements in a thesis", "", "2026-11", Medium},
		Notes:  "With release assistance the radio lets go at once: 14 times less."},
	{ID: "lte-rrc", Kind: PresetEnergy, Title: "LTE, time until the radio is released",
		Values: []Value{{Name: "rrc-inactivity", Value: "10", Unit: "s"}},
		Source: Source{"the same family of sources as nrf9160-nbiot", "", "2026-11", Medium}},
	{ID: "lte-tail-2012", Kind: PresetEnergy, Title: "LTE, the tail after a transfer",
		Values: []Value{
			{Name: "tail", Value: "11600", Unit: "ms"}, {Name: "tail-power", Value: "1060", Unit: "mW"},
		},
		Source: Source{"Huang et al., MobiSys 2012, recalled", "", "2026-11", Unverified}},
	{ID: "esp32-wifi", Kind: PresetEnergy, Title: "ESP32 on Wi-Fi",
		Values: []Value{
			{Name: "modem-sleep", Value: "20", Unit: "mA"}, {Name: "light-sleep", Value: "0.8", Unit: "mA"},
			{Name: "receive", Value: "95 to 100", Unit: "mA"}, {Name: "transmit", Value: "240", Unit: "mA"},
			{Name: "transmit", Value: "50 to 150", Unit: "mA",
				From: &Source{"a forum's measurement", "", "2026-11", Low}},
		},
		Source: Source{"applied electronics notes on the ESP32's data sheet", "", "2026-11", Medium}},
	{ID: "esp8266-dtim3", Kind: PresetEnergy, Title: "ESP8266, DTIM 3",
		Values: []Value{
			{Name: "modem-sleep", Value: "15", Unit: "mA"}, {Name: "light-sleep", Value: "0.9", Unit: "mA"},
		},
		Source: Source{"the same notes as esp32-wifi", "", "2026-11", Medium}},
	{ID: "quiescent-modem", Kind: PresetEnergy, Title: "A cellular modem that sleeps",
		Values: []Value{{Name: "quiescent", Value: "40", Unit: "uA"}},
		Source: Source{"boaks/zephyr-coaps-client", "https://github.com/boaks/zephyr-coaps-client",
			"2026-11", Medium}},
	{ID: "ping-20s-3g", Kind: PresetEnergy, Title: "A ping each 20 s on 3G against an idle radio",
		Values: []Value{{Name: "power-ratio", Value: "10"}},
		Source: Source{"Eronen 2008, by way of blog.wirelessmoves.com",
			"https://blog.wirelessmoves.com/2008/08", "2026-11", Medium}},
}
