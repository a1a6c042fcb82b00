package sim

import (
	"fmt"
	"strconv"
	"time"

	mqtt "github.com/eclipse/paho.mqtt.golang"

	"halfopen/sim/scenario"
	"halfopen/sim/trace"
)

// writeSettings puts those of the client's settings into the trace that can explain something: the
// causes of its events point at them.
func (c *Client) writeSettings() {
	g, set := &c.config, c.prog.setting
	set("keepalive", g.KeepAlive)
	set("ping-timeout", g.PingTimeout)
	set("connect-timeout", g.ConnectTimeout)
	set("session", sessionText(g.CleanSession))
	set("resubscribe", g.Resubscribe)
	set("auto-reconnect", g.AutoReconnect)
	set("connect-retry", g.ConnectRetry)
	set("connect-retry-interval", g.ConnectRetryInterval)
	set("max-reconnect-interval", g.MaxReconnectInterval)
	if g.ReconnectJitter > 0 {
		set("reconnect-jitter", g.ReconnectJitter)
	}
	if g.Sockets.KeepAlive {
		set("tcp-keepalive", g.Sockets.KeepAliveIdle)
	} else {
		set("tcp-keepalive", "off")
	}
}

// pahoSettings are those of a paho client of the user's own.
func (o *Observer) pahoSettings(p *mqtt.ClientOptions) {
	o.Setting("keepalive", time.Duration(p.KeepAlive)*time.Second)
	o.Setting("ping-timeout", p.PingTimeout)
	o.Setting("connect-timeout", p.ConnectTimeout)
	o.Setting("session", sessionText(p.CleanSession))
	o.Setting("auto-reconnect", p.AutoReconnect)
	o.Setting("connect-retry", p.ConnectRetry)
	o.Setting("connect-retry-interval", p.ConnectRetryInterval)
	o.Setting("max-reconnect-interval", p.MaxReconnectInterval)
}

func sessionText(clean bool) string {
	if clean {
		return "clean"
	}
	return "kept"
}

// setting records one setting: as "client.keepalive", the way `--set` names it.
func (p *program) setting(name string, value any) {
	var text string
	switch v := value.(type) {
	case time.Duration:
		text = scenario.FormatDuration(v)
	case bool:
		text = "off"
		if v {
			text = "on"
		}
	default:
		text = fmt.Sprint(v)
	}
	w := p.w
	w.mu.Lock()
	defer w.mu.Unlock()
	if p.settings == nil {
		p.settings = make(map[string]trace.ID)
	}
	p.settings[name] = w.record(trace.Setting, p.hostID(),
		trace.App{Actor: p.name, Name: p.name + "." + name, Text: text}, w.start)
}

// durationText prints a duration as scenarios write it: 1m, not 1m0s.
func durationText(d time.Duration) string {
	s := d.String()
	for _, tail := range []string{"m0s", "h0m"} {
		if n := len(s) - len(tail); n > 0 && s[n:] == tail {
			if _, err := strconv.Atoi(s[n-1 : n]); err == nil {
				s = s[:n+1]
			}
		}
	}
	return s
}
