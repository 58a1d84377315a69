// Command docgen writes the pages that follow from data in the code: the state machines, and who signs what.
package main

import (
	"fmt"
	"log"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"parley"
	"parley/channel"
)

func main() {
	_, file, _, _ := runtime.Caller(0)
	docs := filepath.Join(filepath.Dir(file), "..", "..", "docs")
	for name, text := range map[string]string{"states.md": states(), "commands.md": commands()} {
		if err := os.WriteFile(filepath.Join(docs, name), []byte(text), 0o644); err != nil {
			log.Fatal(err)
		}
	}
}

const made = "<!-- Made by go generate ./channel from the code. Do not edit. -->\n\n"

// states writes every state machine as a table and a diagram.
func states() string {
	var b strings.Builder
	b.WriteString("# State machines\n\n" + made + "No state grants anything. Protection under the law depends on none of them.\n")
	for _, m := range parley.Machines {
		fmt.Fprintf(&b, "\n## %s\n\n%s\n\n| state | meaning |\n| --- | --- |\n", m.Name, m.About)
		for _, s := range m.States {
			final := ""
			if s.Final {
				final = " *(end)*"
			}
			fmt.Fprintf(&b, "| %s%s | %s |\n", s.Name, final, s.About)
		}
		b.WriteString("\n| from | to | by |\n| --- | --- | --- |\n")
		for _, line := range moves(m) {
			b.WriteString(line)
		}
	}
	return b.String()
}

// moves writes the steps of a machine; those that share origin and cause stand in one line.
func moves(m *parley.Machine) []string {
	var lines []string
	for i := 0; i < len(m.Moves); {
		v := m.Moves[i]
		to := []string{v.To}
		for i++; i < len(m.Moves) && m.Moves[i].From == v.From && m.Moves[i].By == v.By; i++ {
			to = append(to, m.Moves[i].To)
		}
		from := v.From
		if from == parley.Any {
			from = "any"
		}
		lines = append(lines, fmt.Sprintf("| %s | %s | %s |\n", from, strings.Join(to, ", "), v.By))
	}
	return lines
}

// commands writes who signs each kind of command.
func commands() string {
	var b strings.Builder
	b.WriteString("# Commands and who signs them\n\n" + made +
		"*Two sign*: a second member of the same account signs the same command. *On behalf*: the desk may enter it for an account that told it so; it is shown as told, never as signed. *Form*: a member of an organisation may say it by a page without a key; the node signs, and it is shown as not signed by the notifier.\n\n" +
		"| command | signed by | two sign | on behalf | form |\n| --- | --- | --- | --- | --- |\n")
	for _, s := range channel.WhoSigns() {
		by := make([]string, 0, len(s.Roles))
		for _, r := range s.Roles {
			by = append(by, string(r))
		}
		who := strings.Join(by, ", ")
		switch {
		case s.Node:
			who = "node"
		case s.Anyone:
			who = "any member"
		case s.Self:
			who += "; any member for themself"
		case s.OwnKey:
			who = "the keys it brings"
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", s.Kind, who, yes(s.FourEyes), yes(s.OnBehalf), yes(s.Form))
	}
	return b.String()
}

func yes(is bool) string {
	if is {
		return "yes"
	}
	return ""
}
