package wasm

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// moduleImport matches how the page's modules name each other: from './name.js'.
var moduleImport = regexp.MustCompile(`(from|import)(\s*\(?\s*)'\./([a-z]+)\.js'`)

var (
	styleLink    = regexp.MustCompile(`<link rel="stylesheet"[^>]*>`)
	otherLink    = regexp.MustCompile(`<link rel="(?:manifest|icon|modulepreload|preload)"[^>]*>\n?`)
	policyMeta   = regexp.MustCompile(`<meta http-equiv="Content-Security-Policy"[^>]*>\n?`)
	execScript   = regexp.MustCompile(`<script src="wasm_exec.js"></script>`)
	mainScript   = regexp.MustCompile(`<script type="module" src="main.js"></script>`)
	firstPicture = regexp.MustCompile(`(src|srcset)="(first[a-z-]*\.svg)"`)
)

// Single folds a bundle into one HTML file that opens from disk, without a server: modules become
// data addresses in an import map, everything else is compressed text that the page unpacks.
func Single(b Bundle) ([]byte, error) {
	html := string(b["index.html"])
	for _, re := range []*regexp.Regexp{styleLink, execScript, mainScript} {
		if !re.MatchString(html) {
			return nil, fmt.Errorf("the page lacks what a single file replaces: %s", re)
		}
	}
	html = policyMeta.ReplaceAllString(html, "") // data and inline scripts are the point here
	html = otherLink.ReplaceAllString(html, "")
	html = styleLink.ReplaceAllLiteralString(html, "<style>"+string(b["style.css"])+"</style>")
	html = execScript.ReplaceAllLiteralString(html, "<script>"+string(b[ExecName])+"</script>")
	html = firstPicture.ReplaceAllStringFunc(html, func(src string) string {
		m := firstPicture.FindStringSubmatch(src)
		return m[1] + `="data:image/svg+xml;base64,` +
			base64.StdEncoding.EncodeToString(b[m[2]]) + `"`
	})
	script, err := b.inline()
	if err != nil {
		return nil, err
	}
	return []byte(mainScript.ReplaceAllLiteralString(html, script)), nil
}

// inline is the import map, the packed files and the call of the main module.
func (b Bundle) inline() (string, error) {
	imports := map[string]string{}
	var packed strings.Builder
	for _, name := range slices.Sorted(maps.Keys(b)) {
		data := b[name]
		switch module, isJS := strings.CutSuffix(name, ".js"); {
		case name == "index.html" || name == "style.css" || name == "sw.js":
		case isJS && bytes.Contains(data, []byte("\nexport ")) || name == "main.js":
			text := moduleImport.ReplaceAll(data, []byte("$1$2'$3'"))
			imports[module] = "data:text/javascript;base64," +
				base64.StdEncoding.EncodeToString(text)
		default:
			fmt.Fprintf(&packed, "<script type=\"text/plain\" data-file=\"%s\">%s</script>\n",
				name, base64.StdEncoding.EncodeToString(Gzip(data)))
		}
	}
	text, err := json.Marshal(map[string]any{"imports": imports})
	if err != nil {
		return "", err
	}
	return "<script type=\"importmap\">" + string(text) + "</script>\n" + packed.String() +
		"<script type=\"module\">import 'main';</script>", nil
}
