package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"halfopen/wasm"
)

func siteCommand() *cobra.Command {
	var dir, single, source string
	c := &cobra.Command{
		Use:   "site",
		Short: "Write the page as static files, or as one file",
		Long: "Writes the page that serve shows into a folder for any web host, each file with its " +
			"brotli and gzip forms beside it; it works below any path.\n" +
			"With --single it becomes one HTML file that opens from disk, without a server.",
		Example: "  halfopen site -o dist\n  halfopen site --single halfopen.html",
		Args:    noArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if dir == "" && single == "" {
				return errors.New("say where to: -o FOLDER or --single FILE")
			}
			b, err := buildBundle(c.Context(), source, c.ErrOrStderr())
			if err != nil {
				return err
			}
			if dir != "" {
				if err := writeSite(c, b, dir); err != nil {
					return err
				}
			}
			if single != "" {
				return writeSingle(c, b, single)
			}
			return nil
		},
	}
	c.Flags().StringVarP(&dir, "output", "o", "", "folder to write")
	c.Flags().StringVar(&single, "single", "", "file to write")
	c.Flags().StringVar(&source, "source", ".", "folder in halfopen's source tree")
	return c
}

func writeSite(c *cobra.Command, b wasm.Bundle, dir string) error {
	out := c.OutOrStdout()
	var raw, gz, br int
	fmt.Fprintf(out, "%-18s %10s %10s %10s\n", "file", "bytes", "gzip", "brotli")
	line := func(name string, raw, gz, br int) {
		fmt.Fprintf(out, "%-18s %10d %10d %10d\n", name, raw, gz, br)
	}
	err := wasm.WriteSite(b, dir, func(s wasm.Sizes) {
		line(s.Name, s.Raw, s.Gzip, s.Brotli)
		raw, gz, br = raw+s.Raw, gz+s.Gzip, br+s.Brotli
	})
	if err == nil {
		line("all", raw, gz, br)
	}
	return err
}

func writeSingle(c *cobra.Command, b wasm.Bundle, name string) error {
	html, err := wasm.Single(b)
	if err != nil {
		return err
	}
	tmp := name + ".tmp"
	if err := os.WriteFile(tmp, html, 0o644); err != nil {
		return err
	}
	if err := os.Rename(tmp, name); err != nil {
		return err
	}
	fmt.Fprintf(c.OutOrStdout(), "%s: %d bytes\n", name, len(html))
	return nil
}
