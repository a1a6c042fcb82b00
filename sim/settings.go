package sim

import (
	"fmt"
	"strconv"
	"time"

	"halfopen/sim/scenario"
	"halfopen/sim/trace"
)

// writeSettings puts those of the client's settings into the trace that can explain something: the
// causes of its events point at them.
func (c *Client) writeSettings() {
	g := &c.config
	c.setting("keepalive", g.KeepAlive)
	c.setting("ping-timeout", g.PingTimeout)
	c.setting("connect-timeout", g.ConnectTimeout)
	session := "clean"
	if !g.CleanSession {
		session = "kept"
	}
	c.setting("session", session)
	c.setting("resubscribe", g.Resubscribe)
	c.setting("auto-reconnect", g.AutoReconnect)
	c.setting("connect-retry", g.ConnectRetry)
	c.setting("connect-retry-interval", g.ConnectRetryInterval)
	c.setting("max-reconnect-interval", g.MaxReconnectInterval)
	if g.ReconnectJitter > 0 {
		c.setting("reconnect-jitter", g.ReconnectJitter)
	}
	if g.Sockets.KeepAlive {
		c.setting("tcp-keepalive", g.Sockets.KeepAliveIdle)
	} else {
		c.setting("tcp-keepalive", "off")
	}
}

// setting records one setting: as "client.keepalive", the way `--set` names it.
func (c *Client) setting(name string, value any) {
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
	w := c.w
	w.mu.Lock()
	defer w.mu.Unlock()
	c.prog.settings[name] = w.record(trace.Setting, c.Host.id,
		trace.App{Actor: c.prog.name, Name: c.prog.name + "." + name, Text: text}, w.start)
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
