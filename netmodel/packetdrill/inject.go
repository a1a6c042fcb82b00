package packetdrill

import (
	"fmt"

	"halfopen/netmodel"
)

// firstRemotePort is the port of the first peer that the script plays.
const firstRemotePort = 50000

// inject brings a packet of the script to the host under test.
func (r *runner) inject(pk *Packet) error {
	c, err := r.connFor(pk)
	if err != nil {
		return err
	}
	switch {
	case pk.ICMP != nil:
		return r.injectICMP(c, pk)
	case pk.Flags.Has(netmodel.URG):
		return fmt.Errorf("urgent data: %w", ErrUnsupported)
	case pk.ECN != "":
		return fmt.Errorf("ECN: %w", ErrUnsupported)
	}
	seg := netmodel.Segment{Src: c.remote, Dst: c.local, Flags: pk.Flags, Window: pk.Window, TTL: 255,
		Payload: make([]byte, pk.Len)}
	if pk.SrcPort != 0 { // also of a segment that is meant to belong to no connection
		seg.Src.Port, seg.Dst.Port = pk.SrcPort, pk.DstPort
	}
	if pk.Len > int(r.joined) {
		seg.Joined = r.joined
	}
	syn := pk.Flags.Has(netmodel.SYN)
	if syn && pk.Flags.Has(netmodel.ACK) && c.role == roleActive {
		c.remoteISN = pk.Seq
	}
	local, remote := c.offsets(syn)
	seg.Seq = pk.Seq + remote
	if pk.Flags.Has(netmodel.ACK) {
		seg.Ack = pk.Ack + local
	}
	for _, o := range pk.Options {
		setOption(&seg.Options, o, local)
	}
	if seg.Options.HasTimestamps && pk.Flags.Has(netmodel.ACK) {
		seg.Options.TSEcr = c.echo(seg.Options.TSEcr)
	}
	shown := netmodel.Segment{Seq: pk.Seq, Ack: pk.Ack, Flags: pk.Flags, Window: pk.Window}
	for _, o := range pk.Options {
		setOption(&shown.Options, o, 0)
	}
	r.logf("< %s", segmentText(&shown, pk.Len))
	r.passes("<", r.net.Now(), &seg)
	r.net.Inject(r.net.Now(), r.host, &seg)
	return r.poll()
}

// setOption puts an option of the script into a segment. SACK blocks name the stack's sequence
// numbers, hence the offset.
func setOption(to *netmodel.Options, o TCPOption, offset uint32) {
	switch o.Name {
	case "mss":
		to.MSS = uint16(o.Value)
	case "wscale":
		to.HasScale, to.WindowScale = true, int8(min(o.Value, 127))
	case "sackOK":
		to.SACKPermitted = true
	case "TS":
		to.HasTimestamps, to.TSVal, to.TSEcr = true, o.Value, o.Ecr
	case "sack":
		for _, b := range o.Blocks {
			to.SACK[to.NSACK] = netmodel.Block{Left: b.Left + offset, Right: b.Right + offset}
			to.NSACK++
		}
	}
}

// connFor returns the connection that an injected packet belongs to. One that meets a listener, or
// no socket at all, opens a new one.
func (r *runner) connFor(pk *Packet) (*conn, error) {
	if c := r.byPorts(pk.DstPort, pk.SrcPort); c != nil {
		r.conn = c
		return c, nil
	}
	another := pk.SrcPort != 0 && pk.Flags.Has(netmodel.SYN) && r.conn != nil &&
		r.conn.role == rolePassive
	if !another && r.conn != nil && r.conn.role != roleNone && r.conn.role != roleListen {
		return r.conn, nil
	}
	if pk.ICMP != nil {
		return nil, fmt.Errorf("there is no connection that this message could be about")
	}
	c := &conn{role: rolePassive, local: r.local, remote: r.remote, known: true, remoteISN: pk.Seq}
	if r.conn != nil && r.conn.local.Port != 0 {
		c.local.Port = r.conn.local.Port
	}
	c.remote.Port = firstRemotePort + uint16(len(r.conns))
	if pk.SrcPort != 0 {
		c.remote.Port, c.local.Port = pk.SrcPort, pk.DstPort
	}
	r.conns = append(r.conns, c)
	r.conn = c
	return c, nil
}

// byPorts finds the connection with explicit ports, of which a script may have several.
func (r *runner) byPorts(local, remote uint16) *conn {
	for _, c := range r.conns {
		if remote != 0 && c.local.Port == local && c.remote.Port == remote {
			return c
		}
	}
	return nil
}

// unreachable gives the codes of ICMP destination unreachable that the model has.
var unreachable = map[string]netmodel.Unreachable{
	"net_unreachable": netmodel.NetUnreachable, "host_unreachable": netmodel.HostUnreachable,
	"port_unreachable": netmodel.PortUnreachable,
	"admin_prohibited": netmodel.AdminProhibited,
}

func (r *runner) injectICMP(c *conn, pk *Packet) error {
	code, ok := unreachable[pk.ICMP.Code]
	if pk.ICMP.Type != "unreachable" || !ok {
		return fmt.Errorf("ICMP %s %s: %w", pk.ICMP.Type, pk.ICMP.Code, ErrUnsupported)
	}
	r.logf("< icmp unreachable %s", pk.ICMP.Code)
	r.net.Inject(r.net.Now(), r.host, &netmodel.Segment{Src: netmodel.Endpoint{Addr: c.remote.Addr},
		Dst: netmodel.Endpoint{Addr: c.local.Addr}, TTL: 255, ICMP: code, InnerSrc: c.local,
		InnerDst: c.remote, InnerSeq: pk.ICMP.Seq + c.localISN})
	return r.poll()
}

func (r *runner) logf(format string, args ...any) {
	r.log = append(r.log, stamp(r.now())+" "+fmt.Sprintf(format, args...))
}
