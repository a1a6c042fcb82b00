package sim

import (
	"runtime/debug"
	"strings"
	"sync"
)

// moduleVersion names a module and its version as they were built in: what runs is real code, and
// the trace says which. The version is read from the binary, not typed.
func moduleVersion(path string) string {
	for _, m := range modules() {
		if strings.HasPrefix(m, path+" ") {
			return m
		}
	}
	return path
}

var modules = sync.OnceValue(func() []string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return nil
	}
	var list []string
	for _, m := range info.Deps {
		if m.Replace != nil {
			m = m.Replace
		}
		list = append(list, m.Path+" "+m.Version)
	}
	return list
})
