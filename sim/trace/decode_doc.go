package trace

import (
	"time"

	"halfopen/netmodel"
)

// This file is the shape of the JSON document.

type jsonTrace struct {
	Version  int
	Scenario string
	Seed     string
	Epoch    time.Time
	Length   seconds
	Ties     int
	Hosts    []struct {
		Name, Addr, Profile, Real string
		Router                    bool
	}
	Links []struct {
		A, B    string
		Latency seconds
	}
	Sockets []struct {
		Host, Local, Remote, Actor string
		Peer                       netmodel.SocketID
		ISS                        uint32
		Packets                    []jsonPacket
	}
	Faults []struct {
		Text, From, Host string
		Link             netmodel.LinkID
		Begin, End       seconds
	}
	Messages []struct {
		Publisher, Topic string
		Payload          *string
		Payload64        []byte
		QoS              byte
		Retain           bool
		Published        ID
	}
	Events []jsonEvent
}

type jsonPacket struct {
	Type, Info string
	Event      ID
	Offset     uint64
	Len        int
	ID         uint16
	Message    MessageID
}

type jsonEvent struct {
	T                        seconds
	Kind, Host, Peer, Reason string
	Socket                   netmodel.SocketID
	Link                     netmodel.LinkID
	Fault                    netmodel.FaultID
	Cause, Of                ID
	Copies                   uint8
	Seg                      *jsonSegment
	Timer                    string
	Due, Period              seconds
	Attempt                  int
	Limit                    int16
	From, To, Errno          string
	Actor, Name, Text        string
	Client, Topic            string
	Payload                  *string
	Payload64                []byte
	Message                  MessageID
	QoS                      byte
	Dup, Expired             bool
	SessionPresent           bool `json:"session-present"`
	N                        int
}

type jsonSegment struct {
	Src, Dst, Flags string
	Seq, Ack        uint32
	Win, IPID, MSS  uint16
	TTL             uint8
	WS              *int8
	SACKOK          bool
	TS              *[2]uint32
	SACK            [][2]uint32
	ICMP            netmodel.Unreachable
	InnerSrc        string `json:"inner-src"`
	InnerDst        string `json:"inner-dst"`
	InnerSeq        uint32 `json:"inner-seq"`
	Data            []byte
}
