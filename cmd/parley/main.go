// Command parley is the one binary of the project.
package main

import (
	"fmt"
	"os"
	"runtime/debug"
)

func main() {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		fmt.Fprintln(os.Stderr, "parley: built without module information")
		os.Exit(1)
	}
	fmt.Println("parley", info.Main.Version, info.GoVersion)
}
