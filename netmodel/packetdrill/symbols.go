package packetdrill

import "fmt"

// Values of Linux' headers (asm-generic and x86-64) that the runner itself needs.
const (
	sockStream   = 1
	oRDWR        = 2
	oNonblock    = 0x800
	shutRead     = 0
	shutWrite    = 1
	shutBoth     = 2
	msgOOB       = 1
	msgPeek      = 2
	msgDontwait  = 0x40
	msgWaitall   = 0x100
	msgErrqueue  = 0x2000
	msgMore      = 0x8000
	msgEOR       = 0x80
	msgZerocopy  = 0x4000000
	msgFastopen  = 0x20000000
	pollIn       = 1
	pollOut      = 4
	pollErr      = 8
	pollHup      = 0x10
	pollRdnorm   = 0x40
	pollWrnorm   = 0x100
	pollRdhup    = 0x2000
	epollET      = 1 << 31
	epollOneshot = 1 << 30
)

// symbols are the words that scripts use for numbers.
var symbols = map[string]int64{
	"AF_INET": 2, "AF_INET6": 10, "PF_INET": 2, "SOCK_STREAM": sockStream, "SOCK_DGRAM": 2,
	"SOCK_NONBLOCK": oNonblock, "IPPROTO_IP": 0, "IPPROTO_TCP": 6, "SOL_SOCKET": 1, "SOL_IP": 0,
	"SOL_TCP": 6,
	"O_RDWR":  oRDWR, "O_RDONLY": 0, "O_WRONLY": 1, "O_NONBLOCK": oNonblock,
	"SHUT_RD": shutRead, "SHUT_WR": shutWrite, "SHUT_RDWR": shutBoth,
	"MSG_OOB": msgOOB, "MSG_PEEK": msgPeek, "MSG_DONTWAIT": msgDontwait, "MSG_WAITALL": msgWaitall,
	"MSG_NOSIGNAL": 0x4000, "MSG_ERRQUEUE": msgErrqueue, "MSG_MORE": msgMore, "MSG_EOR": msgEOR,
	"MSG_ZEROCOPY": msgZerocopy, "MSG_FASTOPEN": msgFastopen, "MSG_TRUNC": 0x20,
	"POLLIN": pollIn, "POLLPRI": 2, "POLLOUT": pollOut, "POLLERR": pollErr, "POLLHUP": pollHup,
	"POLLRDNORM": pollRdnorm, "POLLWRNORM": pollWrnorm, "POLLRDHUP": pollRdhup,
	"EPOLLIN": pollIn, "EPOLLPRI": 2, "EPOLLOUT": pollOut, "EPOLLERR": pollErr,
	"EPOLLHUP": pollHup, "EPOLLRDHUP": pollRdhup, "EPOLLRDNORM": pollRdnorm,
	"EPOLLWRNORM": pollWrnorm, "EPOLLET": epollET, "EPOLLONESHOT": epollOneshot,
	"EPOLLEXCLUSIVE": 1 << 28, "INADDR_ANY": 0,
	"SOF_TIMESTAMPING_TX_HARDWARE": 1, "SOF_TIMESTAMPING_TX_SOFTWARE": stampSoftware,
	"SOF_TIMESTAMPING_RX_HARDWARE": 1 << 2, "SOF_TIMESTAMPING_RX_SOFTWARE": 1 << 3,
	"SOF_TIMESTAMPING_SOFTWARE": 1 << 4, "SOF_TIMESTAMPING_RAW_HARDWARE": 1 << 6,
	"SOF_TIMESTAMPING_OPT_ID": 1 << 7, "SOF_TIMESTAMPING_TX_SCHED": stampSched,
	"SOF_TIMESTAMPING_TX_ACK": stampAck, "SOF_TIMESTAMPING_OPT_CMSG": 1 << 10,
	"SOF_TIMESTAMPING_OPT_TSONLY": 1 << 11, "SOF_TIMESTAMPING_OPT_ID_TCP": 1 << 16,
	"SCM_TSTAMP_SND": scmSnd, "SCM_TSTAMP_SCHED": scmSched, "SCM_TSTAMP_ACK": scmAck,
	"ECONNREFUSED": 111, "ECONNRESET": 104, "ETIMEDOUT": 110, "EHOSTUNREACH": 113, "EPIPE": 32,
	"ENETUNREACH": 101,
}

// intOf works out an integer argument.
func (r *runner) intOf(e *Expr) (int64, error) {
	if e == nil {
		return 0, fmt.Errorf("an argument is missing")
	}
	switch e.Kind {
	case ExprInt:
		return e.Int, nil
	case ExprWord:
		if v, ok := symbols[e.Text]; ok {
			return v, nil
		}
		return 0, fmt.Errorf("%s: %w", e.Text, ErrUnsupported)
	case ExprOr:
		var v int64
		for _, x := range e.List {
			k, err := r.intOf(x)
			if err != nil {
				return 0, err
			}
			v |= k
		}
		return v, nil
	case ExprCall:
		if e.Text == "htons" && len(e.List) == 1 {
			return r.intOf(e.List[0])
		}
	case ExprList:
		if len(e.List) == 1 {
			return r.intOf(e.List[0])
		}
	}
	return 0, fmt.Errorf("expected a number")
}
