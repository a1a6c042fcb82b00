package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"halfopen/wasm"
)

// usualPort is where serve listens if nobody says otherwise and nobody else is there.
const usualPort = 8765

func serveCommand() *cobra.Command {
	var port int
	var quiet bool
	var source string
	c := &cobra.Command{
		Use:   "serve",
		Short: "Build the page and show it on this machine",
		Long: "Builds the page's two WebAssembly programs with the Go toolchain (the first time " +
			"this takes a while, afterwards seconds), serves the page on 127.0.0.1 and opens it.\n" +
			"Needs the source tree of halfopen and the command go; nothing is fetched by the page.",
		Example: "  halfopen serve\n  halfopen serve --port 9000 --no-browser",
		Args:    noArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			b, err := buildBundle(c.Context(), source, c.ErrOrStderr())
			if err != nil {
				return err
			}
			fixed := c.Flags().Changed("port")
			return serve(c.Context(), b, port, fixed, !quiet, c.OutOrStdout())
		},
	}
	c.Flags().IntVar(&port, "port", usualPort, "port on 127.0.0.1; without it a busy port is avoided")
	c.Flags().BoolVar(&quiet, "no-browser", false, "print the address, open nothing")
	c.Flags().StringVar(&source, "source", ".", "folder in halfopen's source tree")
	return c
}

// serve answers until the context ends.
func serve(ctx context.Context, b wasm.Bundle, port int, fixed, open bool, out io.Writer) error {
	l, err := listen(port, fixed)
	if err != nil {
		return err
	}
	url := "http://" + l.Addr().String() + "/"
	fmt.Fprintf(out, "%s\n", url)
	if !open || !openBrowser(url) {
		fmt.Fprintln(out, "Open this address in a browser. Ctrl-C ends the server.")
	}
	s := &http.Server{Handler: wasm.Server(b), ReadHeaderTimeout: 10 * time.Second}
	stop := context.AfterFunc(ctx, func() { _ = s.Close() })
	defer stop()
	if err := s.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// listen takes a port on loopback; unless it was asked for by name, a busy one gives way to any
// that is free.
func listen(port int, fixed bool) (net.Listener, error) {
	l, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	if err == nil {
		return l, nil
	}
	if fixed {
		return nil, fmt.Errorf("port %d: %w", port, err)
	}
	return net.Listen("tcp", "127.0.0.1:0")
}

// openBrowser reports whether something was found that opens addresses.
func openBrowser(url string) bool {
	var c *exec.Cmd
	switch runtime.GOOS {
	case "darwin":
		c = exec.Command("open", url)
	case "windows":
		c = exec.Command("rundll32", "url.dll,FileProtocolHandler", url)
	default:
		if os.Getenv("DISPLAY") == "" && os.Getenv("WAYLAND_DISPLAY") == "" {
			return false
		}
		c = exec.Command("xdg-open", url)
	}
	if c.Start() != nil {
		return false
	}
	go func() { _ = c.Wait() }() // its end is nobody's business, but it must not stay a zombie
	return true
}

// buildBundle builds the programs into the user's cache and joins them with the page.
func buildBundle(ctx context.Context, source string, progress io.Writer) (wasm.Bundle, error) {
	root, err := wasm.FindSource(source)
	if err != nil {
		return nil, err
	}
	cache, err := wasm.CacheDir()
	if err != nil {
		return nil, err
	}
	dir := filepath.Join(cache, "wasm")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	began := time.Now()
	report, finish := buildProgress(progress)
	programs, err := wasm.Build(ctx, root, dir, report)
	finish()
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(progress, "built the page's programs in %v\n",
		time.Since(began).Round(100*time.Millisecond))
	return wasm.NewBundle(programs)
}

// buildProgress shows how far a build is: a line that is written over on a terminal, one line per
// program elsewhere.
func buildProgress(w io.Writer) (wasm.Progress, func()) {
	f, ok := w.(*os.File)
	live := ok && term.IsTerminal(int(f.Fd()))
	last := ""
	return func(program string, done, total int) {
			if live {
				fmt.Fprintf(w, "\r\x1b[Kbuilding %s: %d of %d packages", program, done, total)
			} else if program != last {
				fmt.Fprintf(w, "building %s (%d packages)\n", program, total)
			}
			last = program
		}, func() {
			if live {
				fmt.Fprint(w, "\r\x1b[K")
			}
		}
}
