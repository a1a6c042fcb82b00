package main

import (
	"strings"

	"halfopen/wasm"
	"halfopen/wasm/budget"
)

// stepBudget builds the page as it is served and weighs it. The limits are the budget package's.
func stepBudget(c *checker) (string, error) {
	root, err := wasm.FindSource(".")
	if err != nil {
		return "", err
	}
	programs, err := wasm.Build(c.ctx, root, c.dir, func(string, int, int) {})
	if err != nil {
		return "", err
	}
	b, err := wasm.NewBundle(programs)
	if err != nil {
		return "", err
	}
	var out strings.Builder
	err = budget.Weigh(b, &out)
	return out.String(), err
}
