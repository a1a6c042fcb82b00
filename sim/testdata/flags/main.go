// Command flags says which flags package sim gives an ordinary program.
package main

import (
	"flag"
	"fmt"

	_ "halfopen/sim"
)

func main() {
	n := 0
	flag.VisitAll(func(f *flag.Flag) { n++; fmt.Println(f.Name) })
	if n == 0 {
		fmt.Println("no flags")
	}
}
