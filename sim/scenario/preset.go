package scenario

import (
	"fmt"

	"halfopen/netmodel"
)

// usable reports whether a preset has what a key of the given kind needs.
func usable(kind string, p *netmodel.Preset) error {
	var err error
	switch kind {
	case "stack":
		_, err = p.Profile()
	case "nat":
		_, err = p.NAT()
	case "link":
		_, err = p.Conditions()
	}
	return err
}

// PresetsFor lists the presets that a key of kind Preset can name.
func PresetsFor(k *Key) []string {
	var ids []string
	if k.Default != "" {
		ids = append(ids, k.Default)
	}
	for _, p := range netmodel.Presets("") {
		if p.ID != k.Default && usable(k.Words[0], p) == nil {
			ids = append(ids, p.ID)
		}
	}
	return ids
}

// checkPreset reports what is wrong with the name of a preset. The model's own stack is called
// linux and needs none.
func checkPreset(kind, id string) error {
	p := netmodel.FindPreset(id)
	switch {
	case p != nil:
		return usable(kind, p)
	case kind == "stack" && id == "linux":
		return nil
	}
	ids := PresetsFor(&Key{Words: []string{kind}})
	return fmt.Errorf("no preset is called %q%s", id, suggest(id, ids))
}
