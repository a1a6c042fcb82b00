package main

import (
	"context"
	"flag"
	"fmt"
	"time"

	"halfopen/cmd/dev/soak"
)

// runSoak runs random cases for a while, and prints a failing one as a small scenario.
func runSoak(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("soak", flag.ContinueOnError)
	length := flags.Duration("for", time.Minute, "how long")
	seed := flags.Uint64("seed", uint64(time.Now().UnixNano()), "where to begin")
	flow := flags.Uint64("flow", 0, "run this one case of netmodel only")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *flow != 0 {
		return soakFlow(soak.NewFlow(*flow))
	}
	end := time.Now().Add(*length)
	n := 0
	for ; time.Now().Before(end) && ctx.Err() == nil; n++ {
		if err := soakFlow(soak.NewFlow(*seed + uint64(n))); err != nil {
			return err
		}
	}
	fmt.Printf("%d cases hold, from seed %d\n", n, *seed)
	return ctx.Err()
}

func soakFlow(f *soak.Flow) error {
	err := f.Run()
	if err == nil {
		return nil
	}
	small := f.Shrink(func(g *soak.Flow) bool { return g.Run() != nil })
	return fmt.Errorf("soak: %w\n%s", small.Run(), small)
}
