package wasm

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func mustPage(t *testing.T) Bundle {
	t.Helper()
	b, err := pageFiles()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func catalogue(t *testing.T, b Bundle, name string) map[string]string {
	t.Helper()
	var m map[string]string
	if err := json.Unmarshal(b[name], &m); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return m
}

// English and Japanese say the same things: the same keys, the same arguments, nothing empty.
func TestCataloguesAreParallel(t *testing.T) {
	b := mustPage(t)
	en, ja := catalogue(t, b, "en.json"), catalogue(t, b, "ja.json")
	args := regexp.MustCompile(`\{\d\}`)
	for key, text := range en {
		other, ok := ja[key]
		if !ok {
			t.Errorf("ja.json lacks %q", key)
			continue
		}
		used := func(s string) []string {
			return slices.Compact(slices.Sorted(slices.Values(args.FindAllString(s, -1))))
		}
		if !slices.Equal(used(text), used(other)) {
			t.Errorf("%s: English uses %v, Japanese %v", key, used(text), used(other))
		}
		if strings.TrimSpace(text) == "" || strings.TrimSpace(other) == "" {
			t.Errorf("%s is empty", key)
		}
	}
	for key := range ja {
		if _, ok := en[key]; !ok {
			t.Errorf("ja.json has the surplus key %q", key)
		}
	}
}

var (
	literalKey = regexp.MustCompile(`['"](page\.[a-z0-9.-]+)['"]`)
	madeKey    = regexp.MustCompile("`(page\\.[a-z0-9.-]*)\\$\\{")
)

// Every key that the page names is in the catalogue, and the catalogue has none that nobody names.
func TestEveryKeyIsUsedAndKnown(t *testing.T) {
	b := mustPage(t)
	en := catalogue(t, b, "en.json")
	used := map[string]bool{}
	var families []string
	for name, data := range b {
		if strings.HasSuffix(name, ".json") {
			continue
		}
		for _, m := range literalKey.FindAllSubmatch(data, -1) {
			if _, ok := en[string(m[1])]; !ok {
				t.Errorf("%s names %q, which no catalogue has", name, m[1])
			}
			used[string(m[1])] = true
		}
		for _, m := range madeKey.FindAllSubmatch(data, -1) {
			families = append(families, string(m[1]))
		}
	}
	for key := range en {
		if !used[key] && !slices.ContainsFunc(families, func(f string) bool {
			return f != "page." && strings.HasPrefix(key, f)
		}) && !slices.Contains(dialogTitles, key) {
			t.Errorf("nothing on the page says %q", key)
		}
	}
}

// dialogTitles are named by the dialogs' own names: t(`page.${name}`).
var dialogTitles = []string{"page.settings", "page.source", "page.share", "page.help",
	"page.faults", "page.menu"}

// Nothing on the page is loaded from elsewhere, evaluated, or styled in line: the policy would
// refuse it, and the single file would miss it.
func TestPageKeepsItsPolicy(t *testing.T) {
	b := mustPage(t)
	for name, data := range b {
		text := string(data)
		if m := regexp.MustCompile(`https?://[^\s"']+`).FindAllString(text, -1); len(m) > 0 {
			for _, u := range m {
				if u != "http://www.w3.org/2000/svg" && u != "http://www.w3.org/1999/xhtml" {
					t.Errorf("%s names the address %s", name, u)
				}
			}
		}
		for _, bad := range []string{"eval(", "new Function", "innerHTML", ` style="`,
			` onclick="`, "document.write"} {
			if strings.Contains(text, bad) && !strings.HasSuffix(name, ".svg") {
				t.Errorf("%s contains %s", name, bad)
			}
		}
		if strings.HasSuffix(name, ".html") && !strings.Contains(text, Policy) {
			t.Errorf("%s does not carry the policy that the server sends", name)
		}
	}
}

// Addresses are relative, so that the site works below any path of any host.
func TestAddressesAreRelative(t *testing.T) {
	b := mustPage(t)
	abs := regexp.MustCompile(`(?:src|href)="/|from '/|fetch\('/|register\('/`)
	for name, data := range b {
		if m := abs.Find(data); m != nil {
			t.Errorf("%s has an absolute address: %s", name, m)
		}
	}
}

// built is a bundle with stand-ins for the programs, which take minutes to build.
func built(t *testing.T) Bundle {
	t.Helper()
	dir := t.TempDir()
	write := func(name, text string) string {
		p := filepath.Join(dir, name)
		if err := os.WriteFile(p, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return p
	}
	b, err := NewBundle(Programs{
		Picture:    write("p", "\x00asm picture"),
		Simulation: write("s", strings.Repeat("\x00asm simulation", 100)),
		Exec:       write("e", "globalThis.Go = class {};")})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// The page learns raw sizes from the manifest; the service worker keeps every file, and another
// build keeps them under another name.
func TestBundleTellsSizesAndNames(t *testing.T) {
	b := built(t)
	var m manifest
	if err := json.Unmarshal(b["build.json"], &m); err != nil {
		t.Fatal(err)
	}
	if got := m.Bytes[SimulationName]; got != len(b[SimulationName]) {
		t.Errorf("the manifest says the simulation has %d bytes, it has %d", got,
			len(b[SimulationName]))
	}
	sw := string(b["sw.js"])
	if !strings.Contains(sw, "const build = '"+m.Build+"'") {
		t.Errorf("the service worker does not know its build:\n%s", sw)
	}
	for name := range b {
		if !strings.Contains(sw, `"`+name+`"`) {
			t.Errorf("the service worker does not keep %s", name)
		}
	}
	b["style.css"] = append(b["style.css"], ' ')
	if b.hash() == m.Build {
		t.Error("a changed file does not change the build's name")
	}
}

// The single file has everything in it: no module, style or file is left outside.
func TestSingleFileLeavesNothingOutside(t *testing.T) {
	b := built(t)
	html, err := Single(b)
	if err != nil {
		t.Fatal(err)
	}
	text := string(html)
	for _, name := range slices.Sorted(maps.Keys(b)) {
		module, isJS := strings.CutSuffix(name, ".js")
		switch {
		case name == "index.html" || name == "style.css" || name == "sw.js" || name == "icon.svg":
		case strings.HasPrefix(name, "first") && strings.HasSuffix(name, ".svg"):
		case isJS && strings.Contains(text, `"`+module+`":"data:text/javascript;base64,`):
		case strings.Contains(text, `data-file="`+name+`"`):
		default:
			t.Errorf("%s is missing in the single file", name)
		}
	}
	if m := regexp.MustCompile(`(?:src|href)="[^d"#.][^"]*"`).FindAllString(text, -1); len(m) > 0 {
		t.Errorf("the single file still points outside: %q", m)
	}
}
