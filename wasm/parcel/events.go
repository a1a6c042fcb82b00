package parcel

import (
	"halfopen/netmodel"
	"halfopen/sim/trace"
)

func event(c *coder, e *trace.Event) {
	num(c, &e.At)
	num(c, &e.Kind)
	num(c, &e.Reason)
	num(c, &e.Host)
	num(c, &e.Peer)
	num(c, &e.Socket)
	num(c, &e.Link)
	num(c, &e.Cause)
	num(c, &e.Of)
	num(c, &e.Fault)
	c.segment(&e.Seg)
	num(c, &e.Copies)
	num(c, &e.Timer)
	num(c, &e.Due)
	num(c, &e.Period)
	num(c, &e.Attempt)
	num(c, &e.Limit)
	num(c, &e.From)
	num(c, &e.To)
	num(c, &e.Errno)
	some := e.App != nil
	c.flag(&some)
	if some {
		if c.unpack {
			e.App = c.newApps.next()
		}
		app(c, e.App)
	}
}

func app(c *coder, a *trace.App) {
	for _, s := range []*string{&a.Actor, &a.Name, &a.Text, &a.Client, &a.Topic} {
		c.str(s)
	}
	c.bytes(&a.Payload)
	num(c, &a.Message)
	num(c, &a.QoS)
	for _, f := range []*bool{&a.Dup, &a.SessionPresent, &a.Expired} {
		c.flag(f)
	}
	num(c, &a.Attempt)
	num(c, &a.N)
}

func segment(c *coder, s *netmodel.Segment) {
	endpoint(c, &s.Src)
	endpoint(c, &s.Dst)
	num(c, &s.Seq)
	num(c, &s.Ack)
	num(c, &s.Flags)
	num(c, &s.Window)
	num(c, &s.IPID)
	num(c, &s.TTL)
	options(c, &s.Options)
	c.bytes(&s.Payload)
	num(c, &s.ICMP)
	num(c, &s.Joined)
	endpoint(c, &s.InnerSrc)
	endpoint(c, &s.InnerDst)
	num(c, &s.InnerSeq)
}

func options(c *coder, o *netmodel.Options) {
	num(c, &o.MSS)
	num(c, &o.WindowScale)
	for _, f := range []*bool{&o.HasScale, &o.SACKPermitted, &o.HasTimestamps} {
		c.flag(f)
	}
	num(c, &o.TSVal)
	num(c, &o.TSEcr)
	num(c, &o.NSACK)
	for i := range o.SACK {
		num(c, &o.SACK[i].Left)
		num(c, &o.SACK[i].Right)
	}
}
