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
	story := flags.Uint64("story", 0, "run this one case of a whole scenario only")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *flow != 0 {
		return soakFlow(soak.NewFlow(*flow))
	}
	if *story != 0 {
		return soakStory(soak.NewStory(*story))
	}
	end := time.Now().Add(*length)
	flows, stories := 0, 0
	for n := *seed; time.Now().Before(end) && ctx.Err() == nil; n++ {
		// A whole scenario costs as much as some ten flows: half of the time for each.
		for k := range uint64(flowsPerStory) {
			if err := soakFlow(soak.NewFlow(n*flowsPerStory + k)); err != nil {
				return err
			}
			flows++
		}
		if err := soakStory(soak.NewStory(n)); err != nil {
			return err
		}
		stories++
	}
	fmt.Printf("%d flows and %d stories hold, from seed %d\n", flows, stories, *seed)
	return ctx.Err()
}

const flowsPerStory = 10

func soakStory(s *soak.Story) error {
	err := s.Run()
	if err == nil {
		return nil
	}
	small := s.Shrink(func(c *soak.Story) bool { return c.Run() != nil })
	return fmt.Errorf("soak: %w\n%s", small.Run(), small)
}

func soakFlow(f *soak.Flow) error {
	err := f.Run()
	if err == nil {
		return nil
	}
	small := f.Shrink(func(g *soak.Flow) bool { return g.Run() != nil })
	return fmt.Errorf("soak: %w\n%s", small.Run(), small)
}
