package packetdrill

import (
	"errors"
	"time"

	"halfopen/netmodel"
)

// ErrUnsupported is in the error of a script that needs something this runner does not have.
var ErrUnsupported = errors.New("not supported")

// Script is a parsed script.
type Script struct {
	Path    string
	Options []Option
	Events  []Event
}

// Option is one --name=value of a script.
type Option struct{ Name, Value string }

// TimeKind says how an event's time is given.
type TimeKind uint8

// The ways to give a time.
const (
	Absolute      TimeKind = iota // 0.1
	Relative                      // +0.1, after the previous event
	AnyTime                       // *
	AbsoluteRange                 // 0.1~0.2
	RelativeRange                 // +0.1~+0.2
)

// Event is one step of a script: exactly one of Packet, Call, Shell and Code is set.
type Event struct {
	Line     int
	Text     string // as it stands in the script, without comments around it
	Kind     TimeKind
	From, To time.Duration // To is meant for ranges only
	Packet   *Packet
	Call     *Call
	Shell    *string
	Code     *string
}

// Packet is a packet that the script injects (Inbound) or expects.
type Packet struct {
	Inbound    bool
	SrcPort    uint16 // 0: that of the connection under test
	DstPort    uint16
	Flags      netmodel.Flags
	ECN        string // E, W, A or an ACE digit among the flags: the model has no ECN
	Seq        uint32
	Len        int
	Ack        uint32
	Window     uint16
	HasWindow  bool
	Urgent     uint16
	AnyOptions bool // <...>
	Options    []TCPOption
	ICMP       *ICMP
}

// TCPOption is one TCP option as a script writes it.
type TCPOption struct {
	Name   string // mss wscale sackOK TS sack nop eol, or another name that the model does not know
	Value  uint32 // mss, wscale; TS val
	Ecr    uint32
	Blocks []netmodel.Block
}

// ICMP is an injected ICMP message about a segment of the connection.
type ICMP struct {
	Type, Code string
	MTU        int
	Seq        uint32
}

// Call is a system call with its expected result.
type Call struct {
	Name     string
	Args     []*Expr
	Blocking bool          // given with the time of its return
	End      time.Duration // that time, as given
	Result   *Expr
	Errno    string // with a result of -1
}

// ExprKind is the kind of an expression.
type ExprKind uint8

// The kinds of expression.
const (
	ExprEllipsis ExprKind = iota
	ExprInt
	ExprWord   // a symbol: SOL_TCP
	ExprString // "..."
	ExprOr     // A|B, in List
	ExprList   // [a, b]
	ExprStruct // {a=1, b=2} or {..., 40}: Fields
	ExprCall   // htons(8080): Text and List
)

// Expr is an argument or a result of a call.
type Expr struct {
	Kind   ExprKind
	Text   string
	Int    int64
	List   []*Expr
	Fields []Field
}

// Field is one element of a structure; Name is empty where the script gives only a value.
type Field struct {
	Name  string
	Value *Expr
}

// field returns the value of the named field, or nil.
func (e *Expr) field(name string) *Expr {
	if e == nil || e.Kind != ExprStruct {
		return nil
	}
	for _, f := range e.Fields {
		if f.Name == name {
			return f.Value
		}
	}
	return nil
}
