package scenario

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Limits of share links. A link comes from anybody.
const (
	MaxShareLink = 64 << 10  // characters
	maxShareText = 256 << 10 // bytes, unpacked
)

// Encode packs a scenario into a URL's fragment: its canonical text, deflated (RFC 1951), in
// base64url without padding (RFC 4648, 5).
func Encode(s *Scenario) string {
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, flate.BestCompression)
	if err != nil {
		panic(err) // the level is a constant
	}
	_, _ = io.WriteString(w, s.String()) // a bytes.Buffer takes everything
	_ = w.Close()
	return base64.RawURLEncoding.EncodeToString(b.Bytes())
}

// Decode unpacks what Encode packed. Garbage, and what unpacks to more than a scenario can be, is an
// error that says so.
func Decode(fragment string) (*Scenario, error) {
	fragment = strings.TrimSpace(fragment)
	if len(fragment) > MaxShareLink {
		return nil, fmt.Errorf("the link has %d characters: at most %d", len(fragment), MaxShareLink)
	}
	packed, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(fragment, "="))
	if err != nil {
		return nil, errors.New("the link is damaged: was it copied as a whole?")
	}
	r := flate.NewReader(bytes.NewReader(packed))
	text, err := io.ReadAll(io.LimitReader(r, maxShareText+1))
	switch {
	case len(text) > maxShareText:
		return nil, fmt.Errorf("the link unpacks to more than %d bytes", maxShareText)
	case err != nil:
		return nil, errors.New("the link is damaged: was it copied as a whole?")
	}
	return Parse("link", string(text))
}
