package netmodel

// Errno is an error of a socket call, named as in errno(3). The zero value is no error.
type Errno uint8

// The errors that a socket of the model can give.
const (
	OK Errno = iota
	EAGAIN
	ECONNREFUSED
	ECONNRESET
	ECONNABORTED
	EPIPE
	ETIMEDOUT
	EHOSTUNREACH
	ENETUNREACH
	ENOTCONN
	EISCONN
	EADDRINUSE
	EINVAL
	EADDRNOTAVAIL
	EALREADY
	EINPROGRESS
	EBADF
)

var errnoNames = [...]string{"", "EAGAIN", "ECONNREFUSED", "ECONNRESET", "ECONNABORTED", "EPIPE",
	"ETIMEDOUT", "EHOSTUNREACH", "ENETUNREACH", "ENOTCONN", "EISCONN", "EADDRINUSE", "EINVAL",
	"EADDRNOTAVAIL", "EALREADY", "EINPROGRESS", "EBADF"}

func (e Errno) Error() string { return errnoNames[e] }
