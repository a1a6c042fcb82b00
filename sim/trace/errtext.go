package trace

import (
	"strings"
	"sync"
	"syscall"
)

// linuxErrors are the errors of sockets in the words of Linux.
var linuxErrors = []struct {
	errno syscall.Errno
	text  string
}{
	{syscall.ECONNREFUSED, "connection refused"},
	{syscall.ECONNRESET, "connection reset by peer"},
	{syscall.ECONNABORTED, "software caused connection abort"},
	{syscall.EPIPE, "broken pipe"},
	{syscall.ETIMEDOUT, "connection timed out"},
	{syscall.EHOSTUNREACH, "no route to host"},
	{syscall.ENETUNREACH, "network is unreachable"},
	{syscall.ENOTCONN, "transport endpoint is not connected"},
	{syscall.EADDRINUSE, "address already in use"},
	{syscall.EADDRNOTAVAIL, "cannot assign requested address"},
	{syscall.EINVAL, "invalid argument"},
}

// foreign turns the words of this platform into those of Linux; nil where they are the same.
var foreign = sync.OnceValue(func() *strings.Replacer {
	var pairs []string
	for _, e := range linuxErrors {
		if here := e.errno.Error(); here != e.text {
			pairs = append(pairs, here, e.text)
		}
	}
	if pairs == nil {
		return nil
	}
	return strings.NewReplacer(pairs...)
})

// portableText is an error's text as Linux would put it. The simulated hosts are none of the
// machine that simulates them, but programs report errors in the words of the latter's package
// syscall: in a browser they begin with a capital, on Windows they are sentences.
func portableText(s string) string {
	if s == "" {
		return s
	}
	if r := foreign(); r != nil {
		return r.Replace(s)
	}
	return s
}
