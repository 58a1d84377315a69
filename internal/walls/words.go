package walls

import (
	"bytes"
	"fmt"
	"go/scanner"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// Banned are the words that are never terms of the domain: not in identifiers, texts, screens or documents (DESIGN section 2; "Words to ban" of the
// glossary). Plurals are banned with them. A term of several words is found as neighbours in prose and in names.
var Banned = []string{
	"target", "targets", "strike", "strikes", "strike list", "hit list", "free area",
	"approved", "cleared", "safe", "authorised", "authorized",
	"enemy", "enemies", "terrorist", "terrorists", "kill", "kills",
}

// Exception is a place where a banned word means something else.
type Exception struct {
	Path   *regexp.Regexp // of the file, from the top of the repository
	Line   *regexp.Regexp // of the line that holds the word
	Reason string
}

// Exceptions are the only places where a banned word may stand, each with its reason.
var Exceptions = []Exception{
	{at(`^internal/walls/`), at(``), "the list itself and its planted breaches"},
	{at(`^LICENSE$|^NOTICE$`), at(``), "the words of licences"},
	{at(`\.go$`), at(`\b(Process|syscall|unix|os)\.Kill\b`), "the standard library's name for ending a process"},
	{at(`\.(go|ts|js)$`), at(`\bTarget: +api\.|\btarget: *['"]es\d`), "a build target of the script bundler"},
	{at(`(^|/)tsconfig[^/]*\.json$`), at(`"target"`), "a build target of the script compiler"},
	{at(`(^|/)(Makefile|Containerfile|Dockerfile)$`), at(`(?i)\btargets?\b`), "a build target"},
	{at(`\.(html|tmpl|css|md)$`), at(`\btarget="_(blank|self)"|:target\b`), "an attribute of HTML, a selector of CSS"},
	{at(`\.(ts|js)$`), at(`\b(e|ev|event)\.(target|currentTarget|relatedTarget)\b|\bEventTarget\b`), "a property of events in the browser"},
	{at(`\.ts$`), at(`\bmap\.setTarget\(`), "the map library's name for the element that it draws in"},
	{at(`_test\.go$`), at(`\bchromedp\.ListenTarget\(|=> n\.target\.join\(`), "the names that chromedp gives to a tab, and axe-core to the element that it judges"},
	{at(`^web/catalog_test\.go$`), at(`^\t("[a-z ]+": \{("\p{Arabic}+"(, )?)+\}(, |,$))+$`), "the list itself in Arabic"},
	{at(`^docs/reliability\.md$|^bench/|_test\.go$`), at(`\bkill -(9|KILL|STOP|TERM)\b|(?i)SIGKILL`), "a signal to a process"},
	{at(`\.(go|md|yml)$`), at(`\btarget_session_attrs\b`), "a parameter of PostgreSQL's client library"},
	{at(`\.(html|css|ts)$`), at(`safe-area-inset`), "a variable of CSS for the edges of a phone's screen"},
	{at(`^exercise/never\.go$`), at(`^\t"[a-z|]+authori\[sz\]ed" \+ `), "the list of words that no replay may show"},
	{at(`^exchange/replay/|^exercise/kinds_test\.go$|^exercise/library/|^docs/replays\.md$`), at(`\bclearance_or_safe_wording\b`), "the name that the form of timelines gives to wording that no run may show"},
}

func at(pattern string) *regexp.Regexp { return regexp.MustCompile(pattern) }

// read are the kinds of files that people read or that hold what they read.
var read = []string{".go", ".md", ".json", ".html", ".tmpl", ".ts", ".js", ".css", ".sql", ".yaml", ".yml", ".toml", ".sh", ".txt", ".txtar", ".po", ".svg", ".csv", ".xsd"}

// Files returns the files of a repository that Words reads: all that git tracks or would track, by kind or, without one, by being text.
func Files(top string) ([]string, error) {
	list := exec.Command("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
	list.Dir = top
	out, err := list.Output()
	if err != nil {
		return nil, fmt.Errorf("couldn't list the files of %s: %w", top, err)
	}
	var files []string
	for _, name := range strings.Split(strings.TrimRight(string(out), "\x00"), "\x00") {
		base := filepath.Base(name)
		if slices.Contains(read, filepath.Ext(base)) || !strings.Contains(strings.TrimPrefix(base, "."), ".") {
			files = append(files, name)
		}
	}
	slices.Sort(files)
	return slices.Compact(files), nil
}

// Words reports each banned word in the files, one line each: file, line, word.
func Words(top string, files []string) ([]string, error) {
	return eachLine(top, files, func(name, line string, words []string) []string {
		var faults []string
		for _, banned := range Banned {
			if contains(words, strings.Fields(banned)) && !excepted(name, line) {
				faults = append(faults, fmt.Sprintf("the word %q", banned))
			}
		}
		return faults
	})
}

// eachLine calls check for each line of the files with the words in it, and adds file and line to what it finds.
func eachLine(top string, files []string, check func(name, line string, words []string) []string) ([]string, error) {
	var faults []string
	for _, name := range files {
		text, err := os.ReadFile(filepath.Join(top, name))
		if os.IsNotExist(err) {
			continue // removed, and not yet committed
		}
		if err != nil {
			return nil, fmt.Errorf("couldn't read %s: %w", name, err)
		}
		if bytes.IndexByte(text, 0) >= 0 {
			continue // no text
		}
		if strings.HasSuffix(name, ".go") {
			if err := scans(name, text); err != nil {
				return nil, err
			}
		}
		for i, line := range strings.Split(string(text), "\n") {
			for _, fault := range check(name, line, split(line)) {
				faults = append(faults, fmt.Sprintf("%s:%d: %s", name, i+1, fault))
			}
		}
	}
	return faults, nil
}

// scans fails when a file is no Go, so that a file cut in half is not passed as clean.
func scans(name string, text []byte) error {
	var s scanner.Scanner
	set := token.NewFileSet()
	var first error
	s.Init(set.AddFile(name, -1, len(text)), text, func(pos token.Position, msg string) {
		if first == nil {
			first = fmt.Errorf("%s: %s", pos, msg)
		}
	}, scanner.ScanComments)
	for {
		if _, tok, _ := s.Scan(); tok == token.EOF {
			return first
		}
	}
}

func excepted(name, line string) bool {
	return slices.ContainsFunc(Exceptions, func(e Exception) bool {
		return e.Path.MatchString(name) && e.Line.MatchString(line)
	})
}

// split cuts a line into lower-case words: at everything that is no letter, and inside names at each new capital. A run of capitals is one word, up to
// the capital that begins the next: HTTPServer is http, server.
func split(line string) []string {
	var words []string
	runes := []rune(line)
	from := -1
	end := func(i int) {
		if from >= 0 {
			words = append(words, strings.ToLower(string(runes[from:i])))
		}
		from = -1
	}
	for i, r := range runes {
		switch {
		case !unicode.IsLetter(r):
			end(i)
		case from < 0:
			from = i
		case unicode.IsUpper(r) && (unicode.IsLower(runes[i-1]) || i+1 < len(runes) && unicode.IsLower(runes[i+1])):
			end(i)
			from = i
		}
	}
	end(len(runes))
	return words
}

// contains reports whether words holds all of term as neighbours.
func contains(words, term []string) bool {
	for i := 0; i+len(term) <= len(words); i++ {
		if slices.Equal(words[i:i+len(term)], term) {
			return true
		}
	}
	return false
}

// unfinished are the marks of work put off. One is allowed with its reason in brackets: TODO(waits for the second driver): …
var (
	unfinished = regexp.MustCompile(`\b(TODO|FIXME|XXX|HACK)\b`)
	reasoned   = regexp.MustCompile(`\b(TODO|FIXME|XXX|HACK)\([^()\s]+\s[^()]+\):`)
)

// Unfinished reports each mark of work put off that gives no reason.
func Unfinished(top string, files []string) ([]string, error) {
	return eachLine(top, files, func(name, line string, _ []string) []string {
		if strings.HasPrefix(name, "internal/walls/") || !unfinished.MatchString(line) || reasoned.MatchString(line) {
			return nil
		}
		return []string{fmt.Sprintf("%s without a reason, expected %s(why it waits): what", unfinished.FindString(line), unfinished.FindString(line))}
	})
}
