package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"

	"halfopen/netmodel/packetdrill"
)

// runPacketdrill runs scripts, and all scripts below folders.
func runPacketdrill(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("packetdrill", flag.ContinueOnError)
	quiet := flags.Bool("q", false, "do not print notices")
	hz := flags.Int("hz", 0, "tick rate of the kernel under test (default 1000)")
	verbose := flags.Bool("v", false, "print every packet, sequence numbers counted from the SYNs")
	echo := flags.Bool("echo", false, "compare TS ecr of expected packets too")
	defines := map[string]string{}
	flags.Func("D", "NAME=VALUE, a word of the scripts and what it stands for; may be repeated",
		func(s string) error {
			name, value, ok := strings.Cut(s, "=")
			if !ok {
				return errors.New("want NAME=VALUE")
			}
			defines[name] = value
			return nil
		})
	if err := flags.Parse(args); err != nil {
		return err
	}
	files, err := scripts(flags.Args())
	if err != nil {
		return err
	}
	var passed, failed, unsupported int
	for _, f := range files {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		r := packetdrill.RunFile(f, packetdrill.Config{HZ: *hz, Echo: *echo, Packets: *verbose,
			Defines: defines})
		switch {
		case r.Err == nil:
			passed++
			fmt.Println("ok    " + f)
		case errors.Is(r.Err, packetdrill.ErrUnsupported):
			unsupported++
			fmt.Printf("none  %s\n      %s\n", f, indented(r.Err))
		default:
			failed++
			fmt.Printf("FAIL  %s\n      %s\n", f, indented(r.Err))
		}
		for _, p := range r.Packets {
			fmt.Println("      " + p)
		}
		if !*quiet {
			for _, n := range r.Notices {
				fmt.Println("      note: " + n)
			}
		}
	}
	fmt.Printf("%d passed, %d failed, %d not supported\n", passed, failed, unsupported)
	switch {
	case failed > 0:
		return fmt.Errorf("packetdrill: %d of %d scripts failed", failed, len(files))
	case passed == 0:
		return exitError{skipped,
			"packetdrill: nothing was checked, since the model lacks what the scripts are about"}
	}
	return nil
}

// skipped is the exit code when no script could be run, as in the kernel's own tests (KSFT_SKIP).
const skipped = 4

func indented(err error) string { return strings.ReplaceAll(err.Error(), "\n", "\n      ") }

// scripts expands folders to the .pkt files below them.
func scripts(args []string) ([]string, error) {
	var out []string
	for _, a := range args {
		err := filepath.WalkDir(a, func(path string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() && (path == a || filepath.Ext(path) == ".pkt") {
				out = append(out, path)
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	if len(out) == 0 {
		return nil, errors.New("packetdrill: name scripts (FILE.pkt) or folders of them")
	}
	return out, nil
}
