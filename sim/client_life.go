package sim

import (
	"halfopen/netmodel"
	"halfopen/sim/trace"
)

// This file ends a client's process, stops it, and starts it again.

// Kill ends the client at once, as SIGKILL does: its kernel closes the connection.
func (c *Client) Kill() {
	c.w.do(c.prog, func(now netmodel.Time) {
		id := c.w.record(trace.ClientStopped, c.Host.id, trace.App{Actor: c.prog.name, Text: "kill"},
			c.w.action)
		c.prog.kill(now, id)
	})
	go c.MQTT().Disconnect(0)
}

// Start runs a client that was killed anew: a new process, which remembers nothing, connects.
func (c *Client) Start() {
	c.w.mu.Lock()
	if !c.prog.dead {
		c.w.mu.Unlock()
		return
	}
	c.prog.dead = false
	c.attempt, c.online = 0, false
	c.w.mu.Unlock()
	c.newLibrary()
	c.ConnectLater()
}

// gone reports whether the client's process has ended.
func (c *Client) gone() bool {
	c.w.mu.Lock()
	defer c.w.mu.Unlock()
	return c.prog.dead
}

// Freeze stops the client's process (SIGSTOP): its kernel goes on acknowledging.
func (c *Client) Freeze() { c.w.freeze(c.prog) }

// Thaw lets it go on (SIGCONT).
func (c *Client) Thaw() { c.w.do(c.prog, c.prog.thaw) }
