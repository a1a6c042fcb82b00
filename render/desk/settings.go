package desk

import "halfopen/sim/scenario"

// Setting is the value of a setting in the first statement of a verb, with the name of what it
// declares: Setting("client", "keepalive", "30s") gives "phone", "60s". The fallback is what holds
// where the scenario says nothing.
func (d *Desk) Setting(verb, key, fallback string) (subject, value string) {
	for _, st := range d.History.Now().Statements {
		if st.Verb != verb || st.HasAt || len(st.Args) == 0 {
			continue
		}
		return st.Args[0], valueOf(st.Keys, key, fallback)
	}
	return "", fallback
}

func valueOf(keys []scenario.KeyValue, key, fallback string) string {
	for _, kv := range keys {
		if kv.Key == key {
			return kv.Value
		}
	}
	return fallback
}
