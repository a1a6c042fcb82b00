package netmodel

// Inject hands seg to h as if it had just come off a wire: a test, a script or an attacker sent it.
// It needs no link, keeps nothing of seg but the payload, and is recorded like any other segment.
func (n *Network) Inject(now Time, h *Host, seg *Segment) {
	sent := n.record(&Record{Kind: SegmentSent, Reason: SendInjected, Peer: h.id, Seg: seg, Due: now})
	arrived := n.record(&Record{Kind: SegmentArrived, Host: h.id, Seg: seg, Of: sent, Cause: sent})
	if h.down {
		return
	}
	h.receive(now, seg, arrived)
}
