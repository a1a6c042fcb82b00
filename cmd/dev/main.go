package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
)

// verb is one thing that the tool does.
type verb struct {
	name, args, what string
	run              func(ctx context.Context, args []string) error
}

var verbs []verb

func init() {
	verbs = []verb{
		{"check", "[NAME...]", "everything that must hold, or single steps of it", runCheck},
		{"tidy", "[-fix [FOLDER...]]",
			"the house rules of the source; -fix breaks long comments", runTidy},
		{"packetdrill", "FILE...", "packetdrill scripts against netmodel", runPacketdrill},
		{"fidelity", "DIR", "captures of real machines against the model", runFidelity},
		{"soak", "[--for 1m] [--seed N]", "random networks with all invariants", runSoak},
		{"speed", "", "benchmarks against what was promised", runSpeed},
		{"golden", "[PACKAGE...]", "rewrite recorded transcripts; then read git diff", runGolden},
	}
}

// exitError is an error with an exit code other than 1.
type exitError struct {
	code int
	text string
}

func (e exitError) Error() string { return e.text }

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if len(os.Args) > 1 {
		for _, v := range verbs {
			if v.name == os.Args[1] {
				if err := v.run(ctx, os.Args[2:]); err != nil {
					fmt.Fprintln(os.Stderr, "dev:", err)
					stop()
					code := 1
					if e := (exitError{}); errors.As(err, &e) {
						code = e.code
					}
					os.Exit(code)
				}
				return
			}
		}
	}
	fmt.Fprintln(os.Stderr, "go run ./cmd/dev VERB")
	for _, v := range verbs {
		fmt.Fprintf(os.Stderr, "  %-34s %s\n", v.name+" "+v.args, v.what)
	}
	os.Exit(2)
}
