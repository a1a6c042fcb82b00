package main

import (
	"bytes"
	"os"
	"regexp"
	"strings"
	"testing"
)

// The sweep that the files for clusters begin is one that this program knows, and both are the
// same. $dir, $resume and the like are the scripts' own.
func TestClusterFilesSweep(t *testing.T) {
	command := regexp.MustCompile(`exec halfopen (sweep [^\n]*)\n`)
	var plans []string
	for _, name := range []string{"cluster/kubernetes-job.yaml", "cluster/slurm.sh"} {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		text := regexp.MustCompile(`\\\n\s*`).ReplaceAllString(string(b), "")
		m := command.FindStringSubmatch(text)
		if m == nil {
			t.Fatalf("%s runs no sweep", name)
		}
		args := []string{"--plan"}
		for _, w := range strings.Fields(m[1]) {
			if !strings.Contains(w, "$") && w != "-o" && w != "--workers" {
				args = append(args, w)
			}
		}
		var out bytes.Buffer
		root := rootCommand()
		root.SetArgs(append(args[1:], args[0]))
		root.SetOut(&out)
		if err := root.Execute(); err != nil {
			t.Errorf("%s: %v: %v", name, args, err)
		}
		plans = append(plans, out.String())
	}
	if plans[0] != plans[1] || !strings.Contains(plans[0], "runs ") {
		t.Errorf("the plans are\n%s\nand\n%s", plans[0], plans[1])
	}
}
