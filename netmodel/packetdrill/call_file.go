package packetdrill

import "fmt"

// Files and pipes are as long as asked for, and hold zeros: what the calls with them do to a socket
// is what write and read do.

// callOpen: open("/tmp/file", O_RDONLY) = 5.
func (r *runner) callOpen(c *Call) (attempt, error) {
	fd, err := r.intOf(c.Result)
	if err != nil {
		return nil, err
	}
	r.open(fd, &file{plain: true})
	return done(outcome{result: fd}), nil
}

// callPipe: pipe([5, 6]) = 0.
func (r *runner) callPipe(c *Call) (attempt, error) {
	ends := c.arg(0)
	if ends == nil || ends.Kind != ExprList || len(ends.List) != 2 {
		return nil, fmt.Errorf("pipe takes [5, 6]")
	}
	for _, e := range ends.List {
		fd, err := r.intOf(e)
		if err != nil {
			return nil, err
		}
		r.open(fd, &file{plain: true})
	}
	return done(outcome{}), nil
}

// callSendfile: sendfile(4, 5, [0], 1000) = 1000.
func (r *runner) callSendfile(f *file, c *Call) (attempt, error) {
	if from, err := r.fileOf(c, 1); err != nil || !from.plain {
		return nil, fmt.Errorf("not a file: %w", err)
	}
	n, err := r.intOf(c.arg(3))
	return r.writing(f, n, 0), err
}

// callSplice: splice(5, NULL, 4, NULL, 1000, 0) = 1000, between a socket and a pipe.
func (r *runner) callSplice(c *Call) (attempt, error) {
	from, err := r.fileOf(c, 0)
	if err != nil {
		return nil, err
	}
	to, err := r.fileOf(c, 2)
	if err != nil {
		return nil, err
	}
	n, err := r.intOf(c.arg(4))
	if err != nil {
		return nil, err
	}
	switch {
	case from.sock != nil && to.plain:
		return r.reading(from, n, 0), nil
	case to.sock != nil && from.plain:
		return r.writing(to, n, 0), nil
	}
	return nil, fmt.Errorf("splice needs a socket and a pipe")
}
