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

// A share link carries the whole scenario in the fragment of its URL, which no server sees: the
// canonical text, deflated, in base64url without padding, behind a letter for the version.

// The limits of a link: what browsers and chat programs carry, and what it may unfold to.
const (
	maxFragment = 32 << 10
	maxShared   = 256 << 10
)

// shareVersion is the first letter of every fragment.
const shareVersion = "1"

// Encode makes the fragment of a share link. Comments travel along, the transcript does not.
func Encode(s *Scenario) (string, error) {
	text := s.String()
	if len(text) > maxShared {
		return "", fmt.Errorf("the scenario is too long for a link: %d KiB of at most %d",
			len(text)>>10, maxShared>>10)
	}
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, flate.BestCompression)
	if err != nil {
		return "", err
	}
	if _, err := io.WriteString(w, text); err != nil {
		return "", err
	}
	if err := w.Close(); err != nil {
		return "", err
	}
	f := shareVersion + base64.RawURLEncoding.EncodeToString(b.Bytes())
	if len(f) > maxFragment {
		return "", fmt.Errorf("the scenario is too long for a link: %d KiB of at most %d",
			len(f)>>10, maxFragment>>10)
	}
	return f, nil
}

// Decode reads the fragment of a share link. The scenario has been parsed and checked.
func Decode(fragment string) (*Scenario, error) {
	if len(fragment) > maxFragment {
		return nil, fmt.Errorf("the link is longer than %d KiB", maxFragment>>10)
	}
	body, ok := strings.CutPrefix(fragment, shareVersion)
	if !ok {
		return nil, errors.New("not a scenario's link, or one of a newer version")
	}
	packed, err := base64.RawURLEncoding.Strict().DecodeString(body)
	if err != nil {
		return nil, errors.New("the link is damaged: a letter is wrong, or the end is missing")
	}
	r := flate.NewReader(bytes.NewReader(packed))
	text, err := io.ReadAll(io.LimitReader(r, maxShared+1))
	switch {
	case len(text) > maxShared:
		return nil, fmt.Errorf("the link unfolds to more than %d KiB", maxShared>>10)
	case err != nil:
		return nil, errors.New("the link is damaged: it does not unfold")
	}
	s, err := Parse("link", string(text))
	if err != nil {
		return nil, err
	}
	return s, Check(s)
}
