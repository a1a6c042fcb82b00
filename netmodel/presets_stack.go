package netmodel

// TCP stacks. base says what the rest differs from: Linux, or a plain stack, which is the same
// machinery with everything switched off that only Linux and XNU have. The names of the values are
// those that profileSetters knows; the others are for reading.
var presetsStack = []Preset{
	{ID: "linux", Kind: PresetStack, Title: "Linux 6.5 and later",
		Values: []Value{
			{Name: "base", Value: "linux"}, {Name: "syn-retries", Value: "6"},
			{Name: "syn-linear", Value: "4"}, {Name: "synack-retries", Value: "5"},
			{Name: "retries", Value: "15"}, {Name: "retries1", Value: "3"},
			{Name: "orphan-retries", Value: "0"}, {Name: "initial-rto", Value: "1", Unit: "s"},
			{Name: "rto-min", Value: "200", Unit: "ms"}, {Name: "rto-max", Value: "120", Unit: "s"},
			{Name: "keep-idle", Value: "7200", Unit: "s"}, {Name: "keep-interval", Value: "75", Unit: "s"},
			{Name: "keep-count", Value: "9"}, {Name: "fin-timeout", Value: "60", Unit: "s"},
			{Name: "tick", Value: "4", Unit: "ms"}, {Name: "give-up-data", Value: "924", Unit: "s"},
			{Name: "give-up-syn", Value: "131", Unit: "s"},
			{Name: "give-up-synack", Value: "63", Unit: "s"},
		},
		Source: Source{"kernel, Documentation/networking/ip-sysctl.rst, and captures of Linux 6.18 at " +
			"HZ 250",
			"https://www.kernel.org/doc/html/latest/networking/ip-sysctl.html", "2026-11-23", High},
		Notes: "924.6 s is a lower bound (959.8 s measured with a round trip of 20 ms); 133.3 s " +
			"measured for SYN. Keepalive is off unless a program asks. An orphan gives up after 8 " +
			"retransmissions (orphan-retries 0 stands for that)."},
	{ID: "linux-old", Kind: PresetStack, Title: "Linux before 6.5",
		Values: []Value{
			{Name: "base", Value: "linux"}, {Name: "syn-linear", Value: "0"},
			{Name: "syn-retries", Value: "6"}, {Name: "give-up-syn", Value: "127", Unit: "s"},
		},
		Source: Source{"kernel, ip-sysctl; Cloudflare 2019, When TCP sockets refuse to die",
			"https://blog.cloudflare.com/when-tcp-sockets-refuse-to-die", "2026-11", High},
		Notes: "SYNs at 1, 3, 7, 15, 31, 63 s; Cloudflare measured ETIMEDOUT at 130 s."},
	{ID: "go-net", Kind: PresetStack, Title: "Go's net package on Linux",
		Values: []Value{
			{Name: "base", Value: "linux"}, {Name: "keep-idle", Value: "15", Unit: "s"},
			{Name: "keep-interval", Value: "15", Unit: "s"}, {Name: "keep-count", Value: "9"},
			{Name: "keepalive", Value: "on"}, {Name: "nodelay", Value: "on"},
			{Name: "dead-peer-found", Value: "150", Unit: "s"},
		},
		Source: Source{"Go 1.26.8, src/net/dial.go and tcpsock.go", "https://go.dev/src/net/dial.go",
			"2026-11-23", High},
		Notes: "net.Dialer and ListenConfig switch TCP keepalive on: an idle radio wakes 4 times a " +
			"minute. The 150 s are arithmetic."},
	{ID: "macos", Kind: PresetStack, Title: "macOS (XNU)",
		Values: []Value{
			{Name: "base", Value: "plain"}, {Name: "initial-rto", Value: "1", Unit: "s"},
			{Name: "rto-min", Value: "30", Unit: "ms"}, {Name: "rto-slop", Value: "200", Unit: "ms"},
			{Name: "rto-max", Value: "64", Unit: "s"}, {Name: "retries", Value: "12"},
			{Name: "count-retries", Value: "on"}, {Name: "connect-timeout", Value: "75", Unit: "s"},
			{Name: "syn-retries", Value: "12"}, {Name: "keep-idle", Value: "7200", Unit: "s"},
			{Name: "keep-interval", Value: "75", Unit: "s"}, {Name: "keep-count", Value: "8"},
			{Name: "fin-timeout", Value: "60", Unit: "s"}, {Name: "time-wait", Value: "30", Unit: "s"},
			{Name: "tick", Value: "100", Unit: "ms"}, {Name: "tlp", Value: "on"},
			{Name: "rack", Value: "on"}, {Name: "window-scaling", Value: "on", From: recalledXNU},
			{Name: "sack", Value: "on", From: recalledXNU},
			{Name: "timestamps", Value: "on", From: recalledXNU},
		},
		Source: Source{"XNU, bsd/netinet/tcp_timer.h",
			"https://github.com/apple-oss-distributions/xnu/blob/main/bsd/netinet/tcp_timer.h",
			"2026-11-23", High},
		Notes: "The retransmission timer runs in steps of the order of 100 ms; 200 ms of slop are " +
			"added once connected. 75.0 s for a connect was also measured (SciQLop/speasy#344)."},
	{ID: "windows", Kind: PresetStack, Title: "Windows 10 and 11",
		Values: []Value{
			{Name: "base", Value: "plain"}, {Name: "initial-rto", Value: "1", Unit: "s"},
			{Name: "rto-min", Value: "300", Unit: "ms",
				From: &Source{"Get-NetTCPSetting in esnet/iperf#1069", "https://github.com/esnet/iperf/" +
					"issues/1069", "2026-11-23", Medium}},
			{Name: "syn-retries", Value: "4", From: windowsConnect},
			{Name: "syn-retries", Value: "2",
				From: &Source{"recalled default of older releases", "", "2026-11", Unverified}},
			{Name: "connect-timeout", Value: "21", Unit: "s", From: windowsConnect},
			{Name: "retries", Value: "5",
				From: &Source{"Microsoft KB 170359, TcpMaxDataRetransmissions",
					"https://mskb.pkisolutions.com/kb/170359", "2026-11", High}},
			{Name: "count-retries", Value: "on"}, {Name: "keep-idle", Value: "7200", Unit: "s"},
			{Name: "keep-interval", Value: "1", Unit: "s",
				From: &Source{"Microsoft, KeepAliveInterval", "https://learn.microsoft.com/en-us/" +
					"previous-versions/windows/it-pro/windows-2000-server/cc957548(v=technet.10)",
					"2026-11", High}},
			{Name: "delayed-ack", Value: "40", Unit: "ms"}, {Name: "initial-window", Value: "10"},
			{Name: "congestion", Value: "cubic"}, {Name: "timestamps", Value: "off"},
			{Name: "window-scaling", Value: "on"}, {Name: "sack", Value: "on"},
		},
		Source: Source{"netsh and Get-NetTCPSetting as shown in threads",
			"https://github.com/MysticFoxDE/WINDOWS-OPTIMIZATIONS/issues/15", "2026-11-23", Medium},
		Notes: "KB 170359 names Windows 7, 2008 R2 and older. A connect ended after 21 s, where four " +
			"doublings of 1 s would give 31 s: the time, not the count, was decisive."},
	{ID: "windows-2000", Kind: PresetStack, Title: "Windows 2000",
		Values: []Value{
			{Name: "base", Value: "plain"}, {Name: "initial-rto", Value: "3", Unit: "s"},
			{Name: "syn-retries", Value: "2"}, {Name: "retries", Value: "5"},
			{Name: "count-retries", Value: "on"},
		},
		Source: Source{"Microsoft, TcpInitialRTT and TcpMaxConnectRetransmissions",
			"https://learn.microsoft.com/en-us/previous-versions/windows/it-pro/windows-2000-server/" +
				"cc938207(v=technet.10)",
			"2026-11", High}},
	{ID: "lwip", Kind: PresetStack, Title: "lwIP 2",
		Values: append(lwipCommon(), Value{Name: "initial-rto", Value: "3", Unit: "s"},
			Value{Name: "syn-retries", Value: "6"},
			Value{Name: "mss", Value: "536", From: &Source{"opt.h, recalled", "", "2026-11", Unverified}},
			Value{Name: "give-up-data", Value: "1342", Unit: "s",
				From: &Source{"arithmetic on the shifts: 895 times a base RTO of 1.5 s", "", "2026-11", Low}}),
		Source: Source{"lwIP, src/include/lwip/opt.h, priv/tcp_priv.h and core/tcp.c",
			"https://github.com/lwip-tcpip/lwip", "2026-11-23", High},
		Notes: "Keepalive is compiled out by default. The RTO is shifted by 1, 2, 3, 4, 5, 6, 7, 7, ..."},
	{ID: "esp-idf", Kind: PresetStack, Title: "ESP-IDF (lwIP on ESP32)",
		Values: append(lwipCommon(), Value{Name: "initial-rto", Value: "1500", Unit: "ms"},
			Value{Name: "syn-retries", Value: "12"}, Value{Name: "mss", Value: "1440"},
			Value{Name: "rcvbuf", Value: "5744", Unit: "bytes"}, Value{Name: "sndbuf", Value: "5744",
				Unit: "bytes"},
			Value{Name: "close-on-address-change", Value: "on"}),
		Source: Source{"ESP-IDF, components/lwip/Kconfig",
			"https://github.com/espressif/esp-idf/blob/master/components/lwip/Kconfig", "2026-11-23", High},
		Notes: "LWIP_TCP_HIGH_SPEED_RETRANSMISSION is on. Connections are dropped when the address " +
			"changes."},
	{ID: "zephyr", Kind: PresetStack, Title: "Zephyr",
		Values: []Value{
			{Name: "base", Value: "plain"}, {Name: "initial-rto", Value: "200", Unit: "ms"},
			{Name: "rto-min", Value: "200", Unit: "ms"}, {Name: "retries", Value: "9"},
			{Name: "syn-retries", Value: "9"}, {Name: "count-retries", Value: "on"},
			{Name: "time-wait", Value: "1500", Unit: "ms"}, {Name: "delayed-ack", Value: "100", Unit: "ms"},
			{Name: "keep-idle", Value: "7200", Unit: "s"}, {Name: "keep-interval", Value: "75", Unit: "s"},
			{Name: "keep-count", Value: "9"}, {Name: "close-on-interface-down", Value: "on"},
			{Name: "give-up-data", Value: "102", Unit: "s"},
		},
		Source: Source{"Zephyr, subsys/net/ip/Kconfig.tcp",
			"https://github.com/zephyrproject-rtos/zephyr/blob/main/subsys/net/ip/Kconfig.tcp",
			"2026-11-23", High},
		Notes: "Nine retransmissions take about 1 min 42 s. Keepalive is opt-in. The RTO is " +
			"randomised, which is not modelled. SACK only reports, in the newest versions."},
	{ID: "freertos-tcp", Kind: PresetStack, Title: "FreeRTOS+TCP",
		Values: []Value{
			{Name: "base", Value: "plain"}, {Name: "initial-rto", Value: "500", Unit: "ms"},
			{Name: "rto-min", Value: "50", Unit: "ms"}, {Name: "syn-interval", Value: "3", Unit: "s"},
			{Name: "syn-retries", Value: "2"}, {Name: "connect-timeout", Value: "11", Unit: "s"},
			{Name: "keep-idle", Value: "20", Unit: "s"}, {Name: "keep-interval", Value: "20", Unit: "s"},
			{Name: "keep-count", Value: "4"}, {Name: "hang-protection", Value: "30", Unit: "s"},
			{Name: "give-up-data", Value: "no limit seen",
				From: &Source{"FreeRTOS-Plus-TCP, source", "", "2026-11", Medium}},
		},
		Source: Source{"FreeRTOS-Plus-TCP, source", "https://github.com/FreeRTOS/FreeRTOS-Plus-TCP",
			"2026-11", High},
		Notes: "SYNs at 0, 3, 6 s, failure about 11 s. Keepalive is off; if on, each 20 s, and more " +
			"than three unanswered end it."},
}

var recalledXNU = &Source{"recalled", "", "2026-11", Unverified}

var windowsConnect = &Source{"SciQLop/speasy#344: 21.0 s measured with MaxSynRetransmissions 4, " +
	"as shipped",
	"https://github.com/SciQLop/speasy/pull/344", "2026-11-23", Medium}

func lwipCommon() []Value {
	return []Value{{Name: "base", Value: "plain"}, {Name: "tick", Value: "500", Unit: "ms"},
		{Name: "retries", Value: "12"}, {Name: "count-retries", Value: "on"},
		{Name: "time-wait", Value: "120", Unit: "s"}, {Name: "fin-timeout", Value: "20", Unit: "s"},
		{Name: "keep-idle", Value: "7200", Unit: "s"}, {Name: "keep-interval", Value: "75", Unit: "s"},
		{Name: "keep-count", Value: "9"}, {Name: "delayed-ack", Value: "250", Unit: "ms"},
		{Name: "window-scaling", Value: "off"}, {Name: "sack", Value: "off"}, {Name: "timestamps",
			Value: "off"},
		{Name: "initial-window", Value: "4"}}
}
