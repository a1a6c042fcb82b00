package packetdrill

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

// sysctl is one assignment found in a shell block.
type sysctl struct{ Name, Value string }

// Assignments look like net.ipv4.tcp_sack=1, net/ipv4/tcp_sack=1 or
// /proc/sys/net/ipv4/tcp_sack=1 (set_sysctls.py), and values may be quoted; or a value is echoed
// into the file.
var (
	assignment = regexp.MustCompile(
		`net[./](?:ipv4|core)[./](\w+)\s*=\s*("[^"]*"|'[^']*'|[^\s;\\&|]+)`)
	echoed = regexp.MustCompile(
		`echo\s+("[^"]*"|'[^']*'|[^\s;>]+)\s*>\s*/proc/sys/net/(?:ipv4|core)/(\w+)`)
	shellFile  = regexp.MustCompile(`[\w./-]+\.sh\b`)
	arithmetic = regexp.MustCompile(`\$\(\(([^)]*(?:\([^)]*\)[^)]*)*)\)\)`)
)

// maxShellDepth limits files that name each other.
const maxShellDepth = 4

// shellBlock reads a shell block as far as it concerns the model: the sysctls that it and the files
// that it names set, in order. What it does else comes back as notes. dir is the script's folder.
func shellBlock(text, dir string, depth int) (set []sysctl, notes []string) {
	text = strings.ReplaceAll(text, "\\\n", " ")
	for line := range strings.SplitSeq(text, "\n") {
		line = strings.TrimSpace(line)
		if i := strings.Index(line, " #"); i >= 0 {
			line = line[:i]
		}
		if line == "" || line[0] == '#' {
			continue
		}
		found := false
		for _, m := range assignment.FindAllStringSubmatch(line, -1) {
			set = append(set, sysctl{m[1], value(m[2])})
			found = true
		}
		for _, m := range echoed.FindAllStringSubmatch(line, -1) {
			set = append(set, sysctl{m[2], value(m[1])})
			found = true
		}
		if found {
			continue
		}
		s, n := shellFiles(line, dir, depth)
		set, notes = append(set, s...), append(notes, n...)
	}
	return set, notes
}

// shellFiles follows the shell files that a command line names.
func shellFiles(line, dir string, depth int) (set []sysctl, notes []string) {
	names := shellFile.FindAllString(line, -1)
	if strings.Contains(line, "sysctl_restore") {
		return nil, nil // what set_sysctls.py left behind to undo its work
	}
	if len(names) == 0 || depth == maxShellDepth {
		return nil, []string{"not run: " + line}
	}
	for _, name := range names {
		path, text, ok := findFile(dir, name)
		if !ok {
			notes = append(notes, "not found: "+name)
			continue
		}
		s, n := shellBlock(text, filepath.Dir(path), depth+1)
		set = append(set, s...)
		if depth == 0 {
			n = nil // what a common file does besides is the same for all scripts
		}
		notes = append(notes, n...)
	}
	return set, notes
}

// findFile looks for a shell file where the script says it is, and then, because scripts are also
// run as copies without their tree, under its last two names and its last one in every folder
// above.
func findFile(dir, name string) (path, text string, ok bool) {
	base := filepath.Base(name)
	tries := []string{filepath.Join(dir, name)}
	if filepath.IsAbs(name) {
		tries[0] = name
	}
	tail := filepath.Join(filepath.Base(filepath.Dir(name)), base)
	for d, err := filepath.Abs(dir); err == nil; d = filepath.Dir(d) {
		tries = append(tries, filepath.Join(d, tail), filepath.Join(d, base))
		if d == filepath.Dir(d) {
			break
		}
	}
	for _, t := range tries {
		if b, err := os.ReadFile(t); err == nil {
			return t, string(b), true
		}
	}
	return "", "", false
}

// value takes quotes off, and works out $((...)).
func value(s string) string {
	s = strings.Trim(s, `"'`)
	s = arithmetic.ReplaceAllStringFunc(s, func(m string) string {
		v, err := eval(m[3:len(m)-2], nil)
		if err != nil {
			return m
		}
		return strconv.FormatInt(int64(v.num), 10)
	})
	return strings.Join(strings.Fields(s), " ")
}
