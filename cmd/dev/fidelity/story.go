package fidelity

import (
	"context"
	"fmt"
)

// stories is part 2.
func (o *Options) stories(ctx context.Context, runs []*Run) (int, error) {
	fmt.Fprintln(o.Out, "story: not wired yet")
	return 0, ctx.Err()
}
