package wasm

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/andybalholm/brotli"
)

// Sizes are those of one file, in bytes.
type Sizes struct {
	Name              string
	Raw, Gzip, Brotli int
}

// compressible reports whether a file gets compressed forms; small ones gain nothing.
func compressible(name string, data []byte) bool {
	return len(data) > 600 && !strings.HasSuffix(name, ".png")
}

// largestWindow lets brotli refer 16 MB back, as far as browsers allow: programs are that long.
const largestWindow = 24

// Brotli compresses at the level that web hosts use for files that do not change.
func Brotli(data []byte) []byte {
	var out bytes.Buffer
	w := brotli.NewWriterOptions(&out,
		brotli.WriterOptions{Quality: brotli.BestCompression, LGWin: largestWindow})
	mustWrite(w, data)
	return out.Bytes()
}

// Gzip is for hosts that know nothing else.
func Gzip(data []byte) []byte {
	var out bytes.Buffer
	w, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		panic(err) // the level is a valid constant
	}
	mustWrite(w, data)
	return out.Bytes()
}

// mustWrite writes to a buffer in memory, which cannot fail.
func mustWrite(w io.WriteCloser, data []byte) {
	if _, err := w.Write(data); err != nil {
		panic(err)
	}
	if err := w.Close(); err != nil {
		panic(err)
	}
}

// WriteSite writes a bundle into a folder, each file with its .br and .gz beside it, and tells
// report the sizes. Files of the folder that are not the bundle's are left alone.
func WriteSite(b Bundle, dir string, report func(Sizes)) error {
	for _, name := range slices.Sorted(maps.Keys(b)) {
		data := b[name]
		s := Sizes{Name: name, Raw: len(data), Gzip: len(data), Brotli: len(data)}
		if err := writeFile(dir, name, data); err != nil {
			return err
		}
		if compressible(name, data) {
			br, gz := Brotli(data), Gzip(data)
			s.Brotli, s.Gzip = len(br), len(gz)
			if err := writeFile(dir, name+".br", br); err != nil {
				return err
			}
			if err := writeFile(dir, name+".gz", gz); err != nil {
				return err
			}
		}
		report(s)
	}
	return nil
}

func writeFile(dir, name string, data []byte) error {
	to := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return fmt.Errorf("writing the site: %w", err)
	}
	tmp := to + ".tmp"
	if err := os.WriteFile(tmp, data, 0o644); err != nil {
		return fmt.Errorf("writing the site: %w", err)
	}
	return os.Rename(tmp, to)
}
