package sim

import (
	"fmt"
	"strings"

	mqtt "github.com/mochi-mqtt/server/v2"

	"halfopen/netmodel"
	"halfopen/sim/scenario"
)

func hostOptions(st *scenario.Statement) ([]HostOption, error) {
	p, err := stackPreset(st.Text("stack"))
	if err != nil {
		return nil, err
	}
	for _, kv := range st.Sysctls() {
		if !p.SetSysctl(kv.Key, kv.Value) {
			return nil, fmt.Errorf("sysctl.%s=%s: the model has no such setting, or not with that value",
				kv.Key, kv.Value)
		}
	}
	opts := []HostOption{WithProfile(p)}
	if a := st.Text("addr"); a != "" {
		addr, err := netmodel.ParseAddr(a)
		if err != nil {
			return nil, err
		}
		opts = append(opts, WithAddr(addr))
	}
	return opts, nil
}

// stackPreset is a preset's TCP stack; "linux" is the model's own.
func stackPreset(id string) (*netmodel.Profile, error) {
	if id == "linux" {
		return netmodel.Linux(), nil
	}
	return found(id).Profile()
}

// found is the preset of that name; an empty one, whose use is an error, if there is none.
func found(id string) *netmodel.Preset {
	if p := netmodel.FindPreset(id); p != nil {
		return p
	}
	return &netmodel.Preset{ID: id}
}

// conditions reads a link's settings: a preset's first, which those that are written change.
func conditions(st *scenario.Statement) (netmodel.Conditions, error) {
	var c netmodel.Conditions
	preset := st.Text("preset")
	if preset != "" {
		var err error
		if c, err = found(preset).Conditions(); err != nil {
			return c, err
		}
	}
	set := func(key string) bool { return preset == "" || written(st, key) }
	if set("latency") {
		c.Latency = st.Duration("latency")
	}
	if set("jitter") {
		c.Jitter = st.Duration("jitter")
	}
	if set("reorder") {
		c.Reorder = st.Bool("reorder")
	}
	if set("loss") {
		c.Loss = st.PPM("loss")
	}
	if set("duplicate") {
		c.Duplicate = st.PPM("duplicate")
	}
	if set("corrupt") {
		c.Corrupt = st.PPM("corrupt")
	}
	if set("rate") {
		c.Rate = st.Rate("rate")
	}
	if set("queue") {
		c.Queue = int(st.Size("queue"))
	}
	return c, nil
}

var forgotten = map[string]netmodel.Forgotten{"drop": netmodel.ForgottenDrop,
	"reset": netmodel.ForgottenReset, "pass": netmodel.ForgottenPass}

// natConfig reads a NAT's settings: a preset's first, which those that are written change.
func natConfig(st *scenario.Statement) (netmodel.NATConfig, error) {
	var c netmodel.NATConfig
	preset := st.Text("preset")
	if preset != "" {
		var err error
		if c, err = found(preset).NAT(); err != nil {
			return c, err
		}
	}
	set := func(key string) bool { return preset == "" || written(st, key) }
	t := &c.Timeouts
	if set("timeout") {
		t.Established = st.Duration("timeout")
	}
	if written(st, "transitory") {
		d := st.Duration("transitory")
		t.SynSent, t.SynRecv, t.FinWait, t.CloseWait, t.LastAck, t.TimeWait = d, d, d, d, d, d
	}
	if set("unacked") {
		t.MaxRetrans, t.Unacknowledged = st.Duration("unacked"), st.Duration("unacked")
	}
	if set("loose") {
		c.NoLoose = !st.Bool("loose")
	}
	if set("on-forgotten") {
		c.Forgotten = forgotten[st.Text("on-forgotten")]
	}
	if set("on-unsolicited") {
		c.Unsolicited = forgotten[st.Text("on-unsolicited")]
	}
	if set("translate") {
		c.KeepAddress = !st.Bool("translate")
	}
	c.Outside = st.Text("outside")
	return c, nil
}

func sockets(st *scenario.Statement) SocketOptions {
	o := GoSockets
	if v := st.Text("tcp-keepalive"); v == "off" {
		o.KeepAlive = false
	} else {
		o.KeepAliveIdle = st.Duration("tcp-keepalive")
		o.KeepAliveInterval = o.KeepAliveIdle
	}
	o.Nagle = !st.Bool("nodelay")
	return o
}

func clientQueue(st *scenario.Statement) BrokerOption {
	n := int32(st.Int("client-queue"))
	return Capabilities(func(c *mqtt.Capabilities) { c.MaximumClientWritesPending = n })
}

func clientConfig(st *scenario.Statement) ClientConfig {
	c := ClientConfig{ID: st.Text("id"), KeepAlive: st.Duration("keepalive"),
		PingTimeout: st.Duration("ping-timeout"), ConnectTimeout: st.Duration("connect-timeout"),
		CleanSession: st.Text("session") != "kept", AutoReconnect: st.Bool("auto-reconnect"),
		ConnectRetry:         st.Bool("connect-retry"),
		ConnectRetryInterval: st.Duration("connect-retry-interval"),
		MaxReconnectInterval: st.Duration("max-reconnect-interval"),
		ReconnectJitter:      st.Duration("reconnect-jitter"),
		WriteTimeout:         st.Duration("write-timeout"), ResumeSubs: st.Bool("resume-subs"),
		OrderMatters: st.Bool("order"), Resubscribe: st.Bool("resubscribe"), Sockets: sockets(st),
		Ideal: st.Text("clock") == "ideal"}
	if will := st.Text("will"); will != "" {
		topic, payload, _ := strings.Cut(will, ":")
		c.Will = &Will{Topic: topic, Payload: payload, QoS: byte(st.Int("will-qos")),
			Retain: st.Bool("will-retain")}
	}
	return c
}

func written(st *scenario.Statement, key string) bool {
	_, ok := st.Lookup(key)
	return ok
}
