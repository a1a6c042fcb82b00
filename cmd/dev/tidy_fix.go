package main

import (
	"os"
	"strings"
	"unicode/utf8"
)

// fixComments breaks comment lines that are too long: from such a line to the end of its paragraph
// the words are set anew. Lines that are set on purpose (lists, drawings, code, directives) end a
// paragraph and stay as they are. It reports whether the file changed.
func fixComments(path string) (bool, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return false, err
	}
	lines := strings.Split(string(b), "\n")
	var out []string
	changed := false
	for i := 0; i < len(lines); i++ {
		indent, _, ok := prose(lines[i])
		if !ok || utf8.RuneCountInString(lines[i]) <= maxColumns {
			out = append(out, lines[i])
			continue
		}
		var words []string
		for ; i < len(lines); i++ {
			in, text, ok := prose(lines[i])
			if !ok || in != indent {
				break
			}
			words = append(words, strings.Fields(text)...)
		}
		i--
		out = append(out, fill(indent+"//", words)...)
		changed = true
	}
	if !changed {
		return false, nil
	}
	return true, os.WriteFile(path, []byte(strings.Join(out, "\n")), 0o666)
}

// prose splits a line that is nothing but a comment in running text.
func prose(line string) (indent, text string, ok bool) {
	body := strings.TrimLeft(line, "\t")
	indent = line[:len(line)-len(body)]
	text, ok = strings.CutPrefix(body, "// ")
	if !ok || text == "" || strings.ContainsAny(text[:1], " \t-*|") || strings.Contains(text, "  ") {
		return indent, text, false
	}
	return indent, text, true
}

// fill sets words into lines of at most maxColumns.
func fill(prefix string, words []string) []string {
	var out []string
	line := prefix
	for _, w := range words {
		if utf8.RuneCountInString(line)+1+utf8.RuneCountInString(w) > maxColumns && line != prefix {
			out = append(out, line)
			line = prefix
		}
		line += " " + w
	}
	return append(out, line)
}
