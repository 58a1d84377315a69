// Command start measures how long a node takes to start, from nothing and from a snapshot, what its state weighs, and how long a
// snapshot that is being written holds commands up.
//
// The journal holds a day's mixture: of five commands, one notifies a site with four texts, one verifies it, one releases it to a
// party, one acknowledges it, one re-validates it. It is written block by block without a server, every signature real.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"parley/node"
)

func main() {
	log.SetFlags(0)
	count := flag.Int("n", 100_000, "commands")
	folder := flag.String("folder", "", "folder for the data, which stays; what lies there is started again, not written. A temporary one when empty")
	only := flag.String("only", "", "nothing or snapshot: measure only this start")
	profile := flag.String("profile", "", "folder for processor and heap profiles of each start")
	opened := flag.String("open", "", "internal: open this folder")
	weighed := flag.String("weigh", "", "internal: load the newest snapshot of this folder, without a node")
	objects := flag.Int("objects", 1, "internal: objects in it")
	label := flag.String("label", "", "internal: begins the names of the profiles")
	flag.Parse()
	var err error
	if *weighed != "" {
		err = weigh(*weighed, *objects, *profile)
	} else if *opened != "" {
		err = open(*opened, *objects, *profile, *label)
	} else {
		err = run(*count, *folder, *only, *profile)
	}
	if err != nil {
		log.Fatal(err)
	}
}

func run(count int, folder, only, profile string) error {
	if folder == "" {
		var err error
		if folder, err = os.MkdirTemp("", "parley-start-"); err != nil {
			return err
		}
		defer os.RemoveAll(folder)
	}
	data := filepath.Join(folder, "data")
	if _, err := os.Stat(data); err == nil {
		if only != "snapshot" {
			if err := dropSnapshots(data); err != nil {
				return err
			}
		}
	} else if err := write(data, count, only == "snapshot"); err != nil {
		return err
	}
	objects := (count + 4) / 5
	for _, from := range []string{"nothing", "snapshot"} {
		if only == "" || only == from {
			fmt.Printf("start from %s: ", from)
			if err := again("-open", data, "-objects", fmt.Sprint(objects), "-profile", profile, "-label", from); err != nil {
				return err
			}
		}
	}
	return again("-weigh", data, "-objects", fmt.Sprint(objects), "-profile", profile)
}

func dropSnapshots(data string) error {
	names, err := filepath.Glob(filepath.Join(data, "*.snapshot"))
	if err != nil {
		return err
	}
	for _, name := range names {
		if err := os.Remove(name); err != nil {
			return err
		}
	}
	return nil
}

// again measures in a process of its own, as a server would be.
func again(arguments ...string) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	cmd := exec.Command(self, arguments...)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	os.Stdout.Write(out)
	return err
}

// open starts a node, says how long that took and what it weighs, and closes it, which writes a snapshot.
func open(data string, objects int, profile, label string) error {
	stop, err := profiled(profile, label)
	if err != nil {
		return err
	}
	begin := time.Now()
	n, err := node.Open(context.Background(), node.Config{Folder: data})
	if err != nil {
		return err
	}
	took, worked := time.Since(begin), processor()
	if err := stop(); err != nil {
		return err
	}
	most := resident()
	heap := live()
	begin = time.Now()
	if err := n.Close(); err != nil {
		return err
	}
	fmt.Printf("%.2f s, %.2f s of processor; heap %d MiB, %d bytes an object; most resident %d MiB; closing with a snapshot: %.2f s\n",
		took.Seconds(), worked.Seconds(), heap>>20, heap/uint64(objects), most>>10, time.Since(begin).Seconds())
	return nil
}
