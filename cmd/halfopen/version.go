package main

import (
	"fmt"
	"io"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

// real are the modules whose code runs unmodified in a simulated world.
var real = []string{"github.com/eclipse/paho.mqtt.golang", "github.com/mochi-mqtt/server/v2"}

func versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "version",
		Short:   "Print the versions of halfopen and of the code that it runs",
		Example: "  halfopen version",
		Args:    noArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return flushed(c.OutOrStdout(), func(w io.Writer) error {
				fmt.Fprintf(w, "halfopen %s (%s, %s/%s)\n", programVersion(), runtime.Version(),
					runtime.GOOS, runtime.GOARCH)
				for _, name := range real {
					fmt.Fprintf(w, "runs %s\n", moduleText(name))
				}
				return nil
			})
		},
	}
}

// programVersion is the module's version, or the commit it was built from.
func programVersion() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "devel"
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		return v
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 {
			return "devel " + s.Value[:12]
		}
	}
	return "devel"
}

// moduleText is a module with the version that was built in.
func moduleText(path string) string {
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, m := range info.Deps {
			if m.Path == path {
				return m.Path + " " + m.Version
			}
		}
	}
	return path
}
