package netmodel

// What mobile networks do to idle connections, what they ask of devices, and what large services
// that live with them chose as their heartbeat.
var presetsCarrier = []Preset{
	{ID: "cellular-2011", Kind: PresetCarrier, Title: "Over 100 carriers, 2011",
		Values: []Value{
			{Name: "established-min", Value: "240", Unit: "s"},
			{Name: "established-max", Value: "1800", Unit: "s"},
		},
		Source: Source{"Wang et al., An untold story of middleboxes in cellular networks, SIGCOMM 2011",
			"https://studylib.net/doc/10481669", "2026-11", Unverified},
		Notes: "Only the abstract was read: timeouts differ widely; 4 to 30 minutes is not confirmed."},
	{ID: "twilio-super-sim", Kind: PresetCarrier, Title: "Twilio Super SIM",
		Values: []Value{
			{Name: "established", Value: "21600", Unit: "s"}, {Name: "udp", Value: "30", Unit: "s"},
		},
		Source: Source{"Twilio documentation, Super SIM network timeouts",
			"https://www.twilio.com/docs/iot/supersim/super-sim-network-timeouts", "2026-11-28", High}},
	{ID: "gsma-ts34", Kind: PresetCarrier, Title: "GSMA TS.34, IoT device connection efficiency",
		Values: []Value{{Name: "poll", Value: "1740", Unit: "s"}},
		Source: Source{"GSMA TS.34, REQ_007, by way of a Soracom guide", "", "2026-11", Medium},
		Notes:  "A poll each 29 minutes to hold the NAT. No TCP is advised on NB-IoT."},
	{ID: "verizon-policy", Kind: PresetCarrier, Title: "Verizon's rules for devices",
		Values: []Value{
			{Name: "keepalive-min", Value: "300", Unit: "s"}, {Name: "accesses-per-hour", Value: "4"},
			{Name: "radio-release", Value: "5", Unit: "s"},
		},
		Source: Source{"the carrier's guideline page", "", "2026-11", Medium},
		Notes:  "At most four automated radio accesses an hour."},
	{ID: "soracom-air", Kind: PresetCarrier, Title: "SORACOM Air",
		Values: []Value{{Name: "established", Value: "3600", Unit: "s"}},
		Source: Source{"Soracom documentation", "", "2026-11", Medium}, Notes: "About an hour."},
	{ID: "google-gcm", Kind: PresetCarrier, Title: "Google's push service: heartbeat",
		Values: []Value{
			{Name: "heartbeat-mobile", Value: "1680", Unit: "s"},
			{Name: "heartbeat-wifi", Value: "900", Unit: "s"},
		}, Source: pushArticle},
	{ID: "android-eas", Kind: PresetCarrier, Title: "Android's Exchange client: heartbeat",
		Values: []Value{
			{Name: "heartbeat-mobile", Value: "295", Unit: "s"},
			{Name: "heartbeat-wifi", Value: "900", Unit: "s"},
		}, Source: pushArticle},
	{ID: "whatsapp", Kind: PresetCarrier, Title: "WhatsApp, LINE: heartbeat",
		Values: []Value{
			{Name: "heartbeat-mobile", Value: "285", Unit: "s"},
			{Name: "heartbeat-cdma", Value: "420", Unit: "s"},
		}, Source: pushArticle,
		Notes: "4 min 45 s; LINE on CDMA 7 min."},
	{ID: "china-mobile-2g3g", Kind: PresetCarrier, Title: "China Mobile, 2G and 3G",
		Values: []Value{{Name: "established", Value: "300", Unit: "s"}}, Source: pushArticleOld,
		Notes: "About 5 minutes."},
	{ID: "china-telecom-3g", Kind: PresetCarrier, Title: "China Telecom, 3G",
		Values: []Value{{Name: "established", Value: "1680", Unit: "s"}}, Source: pushArticleOld,
		Notes: "Over 28 minutes."},
	{ID: "mtproto-user", Kind: PresetCarrier, Title: "One user's mobile network",
		Values: []Value{{Name: "established", Value: "600", Unit: "s"}},
		Source: Source{"9seconds/mtg#550", "https://github.com/9seconds/mtg/issues/550", "2026-11", Low}},
	{ID: "android-doze", Kind: PresetCarrier, Title: "Android in Doze",
		Values: []Value{{Name: "alarm", Value: "540", Unit: "s"}},
		Source: Source{"eclipse/paho.mqtt.android#104",
			"https://github.com/eclipse/paho.mqtt.android/issues/104", "2026-11", Medium},
		Notes: "Exact alarms of an idle device come about each 9 minutes: a shorter keepalive is late."},
}

var pushArticle = Source{"WeChat engineers' article on push heartbeats, in translation",
	"https://www.besthub.dev/articles/" +
		"how-we-optimized-wechat-s-heartbeat-to-cut-power-and-bandwidth-usage-c5b79497421c",
	"2026-11-28", Medium}

var pushArticleOld = Source{pushArticle.Name, pushArticle.URL, "2026-11", Low}
