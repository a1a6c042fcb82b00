package wasm

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What the server answers: the page at the root, types that browsers insist on, the policy on every
// answer; and nothing to a name that is not this machine's (DNS rebinding), or to other methods.
func TestServerAnswers(t *testing.T) {
	h := Server(built(t))
	for _, c := range []struct {
		method, path, host string
		status             int
		contentType        string
	}{
		{"GET", "/", "127.0.0.1:8765", 200, "text/html; charset=utf-8"},
		{"GET", "/main.js", "localhost:8765", 200, "text/javascript; charset=utf-8"},
		{"HEAD", "/picture.wasm", "[::1]:8765", 200, "application/wasm"},
		{"GET", "/build.json", "127.0.0.1", 200, "application/json"},
		{"GET", "/../server.go", "127.0.0.1", 404, ""},
		{"GET", "/nothing", "127.0.0.1", 404, ""},
		{"GET", "/", "evil.example", 403, ""},
		{"GET", "/", "127.0.0.1.evil.example:8765", 403, ""},
		{"POST", "/", "127.0.0.1", 405, ""},
	} {
		r := httptest.NewRequest(c.method, c.path, nil)
		r.Host = c.host
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != c.status {
			t.Errorf("%s %s for %s: status %d, want %d", c.method, c.path, c.host, w.Code, c.status)
		}
		if c.contentType == "" {
			continue
		}
		if got := w.Header().Get("Content-Type"); got != c.contentType {
			t.Errorf("%s: type %q, want %q", c.path, got, c.contentType)
		}
		if got := w.Header().Get("Content-Security-Policy"); got != Policy {
			t.Errorf("%s: policy %q", c.path, got)
		}
		if c.method == http.MethodHead && w.Body.Len() > 0 {
			t.Errorf("HEAD %s has a body", c.path)
		}
	}
}

// The source tree is found from any folder within it, and its absence is said in words.
func TestFindSource(t *testing.T) {
	root := t.TempDir()
	deep := filepath.Join(root, "a", "b")
	if err := os.MkdirAll(deep, 0o755); err != nil {
		t.Fatal(err)
	}
	if _, err := FindSource(deep); err != ErrNoSource {
		t.Errorf("without a tree: %v, want ErrNoSource", err)
	}
	mod := filepath.Join(root, "go.mod")
	if err := os.WriteFile(mod, []byte("module halfopen\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if got, err := FindSource(deep); err != nil || got != root {
		t.Errorf("from %s: %q, %v; want %q", deep, got, err, root)
	}
}

// A build's noise is told apart from its complaints: package names move the bar, anything else is
// what the user has to read when it fails.
func TestFollowTellsPackagesFromComplaints(t *testing.T) {
	said := "internal/cpu\nruntime\n# halfopen/wasm/picture\nmain.go:3:1: expected declaration\n"
	var steps []int
	rest := follow(strings.NewReader(said), "picture.wasm", 2, func(_ string, done, _ int) {
		steps = append(steps, done)
	})
	if len(steps) != 2 || steps[1] != 2 {
		t.Errorf("progress %v, want 1 2", steps)
	}
	if !strings.Contains(string(rest), "expected declaration") {
		t.Errorf("the compiler's complaint is lost: %q", rest)
	}
}
