package web

import (
	"encoding/json"
	"io/fs"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
)

func get(t *testing.T, a *assets, path, encoding string) *http.Response {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.Header.Set("Accept-Encoding", encoding)
	w := httptest.NewRecorder()
	a.ServeHTTP(w, r)
	return w.Result()
}

// own returns our own styles with the given files in dist.
func own(files map[string]string) fs.FS {
	all := fstest.MapFS{"dist/.gitignore": {Data: []byte("*\n")}}
	for _, name := range plainSheets {
		all["css/"+name] = &fstest.MapFile{Data: []byte("/* " + name + " */\n")}
	}
	for name, text := range files {
		all["dist/"+name] = &fstest.MapFile{Data: []byte(text)}
	}
	return all
}

func TestAssetsWithoutBuild(t *testing.T) {
	a, err := readAssets(own(nil))
	if err != nil {
		t.Fatal(err)
	}
	if a.Built() {
		t.Error("an empty dist counts as built")
	}
	for _, name := range []string{"app.js", "map.js", "map.css", "basemap.json", "icons.svg"} {
		if got := a.URL(name); got != "" {
			t.Errorf("%s: %q, expected no address", name, got)
		}
	}
	if got := a.Icon("health"); got != "" {
		t.Errorf("icon without a sprite: %q", got)
	}
	url := a.URL("app.css")
	if !regexp.MustCompile(`^/assets/plain\.[0-9A-F]{8}\.css$`).MatchString(url) {
		t.Fatalf("address of our own styles: %q", url)
	}
	answer := get(t, a, url, "br, gzip")
	if answer.StatusCode != 200 || answer.Header.Get("Content-Type") != "text/css; charset=utf-8" || answer.Header.Get("Content-Encoding") != "" {
		t.Errorf("our own styles: %d %v", answer.StatusCode, answer.Header)
	}
}

func TestAssetsEncodings(t *testing.T) {
	a, err := readAssets(own(map[string]string{
		"manifest.json":      `{"files":{"app.js":"app.ABCD2345.js","icons.svg":"icons.ABCD2345.svg","LICENSES.txt":"LICENSES.txt"},"icons":["health"]}`,
		"app.ABCD2345.js":    "plain",
		"app.ABCD2345.js.gz": "gz",
		"app.ABCD2345.js.br": "br",
		"icons.ABCD2345.svg": "<svg/>",
		"LICENSES.txt":       "licences",
	}))
	if err != nil {
		t.Fatal(err)
	}
	if !a.Built() || a.URL("app.js") != "/assets/app.ABCD2345.js" || a.Icon("health") != "/assets/icons.ABCD2345.svg#health" || a.Icon("none") != "" {
		t.Errorf("addresses: %v %q %q %q", a.Built(), a.URL("app.js"), a.Icon("health"), a.Icon("none"))
	}
	for accepted, want := range map[string]string{
		"gzip, deflate, br": "br", "gzip": "gzip", "": "", "br;q=0, gzip;q=0.5": "gzip", "BR": "br", "br; q=0": "", "identity": "", "br;q=x": "",
	} {
		answer := get(t, a, "/assets/app.ABCD2345.js", accepted)
		if got := answer.Header.Get("Content-Encoding"); got != want {
			t.Errorf("Accept-Encoding %q: answered in %q, expected %q", accepted, got, want)
		}
		if answer.Header.Get("Vary") != "Accept-Encoding" || !strings.Contains(answer.Header.Get("Cache-Control"), "immutable") {
			t.Errorf("Accept-Encoding %q: %v", accepted, answer.Header)
		}
	}
	if got := get(t, a, "/assets/LICENSES.txt", "").Header.Get("Cache-Control"); got != "no-cache" {
		t.Errorf("a name without a hash is cached as %q", got)
	}
	for _, path := range []string{"/assets/", "/assets/manifest.json", "/assets/.gitignore", "/assets/app.js", "/assets/app.ABCD2345.js.br", "/assets/../css/base.css"} {
		if got := get(t, a, path, ""); got.StatusCode != 404 {
			t.Errorf("%s: %d, expected 404", path, got.StatusCode)
		}
	}
	w := httptest.NewRecorder()
	a.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/assets/app.ABCD2345.js", nil))
	if w.Code != http.StatusMethodNotAllowed {
		t.Errorf("POST: %d", w.Code)
	}
}

// TestAssetsRefuseHalfABuild holds that a build that was cut short does not start a server with missing parts.
func TestAssetsRefuseHalfABuild(t *testing.T) {
	for name, files := range map[string]map[string]string{
		"no JSON":           {"manifest.json": `{`},
		"a file is missing": {"manifest.json": `{"files":{"app.js":"app.ABCD2345.js"}}`},
		"an unknown kind":   {"manifest.json": `{}`, "app.wasm": ""},
		"only compressed":   {"manifest.json": `{}`, "app.ABCD2345.js.gz": ""},
	} {
		if _, err := readAssets(own(files)); err == nil {
			t.Errorf("%s: was taken", name)
		}
	}
}

func TestEmbeddedAssetsOpen(t *testing.T) {
	a, err := openAssets()
	if err != nil {
		t.Fatal(err)
	}
	if a.URL("app.css") == "" {
		t.Error("no styles")
	}
}

// TestLockNamesNoAddress holds that the lock file is good for every registry.
func TestLockNamesNoAddress(t *testing.T) {
	lock, err := os.ReadFile("package-lock.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, mark := range []string{`"resolved"`, "://"} {
		if strings.Contains(string(lock), mark) {
			t.Errorf("package-lock.json holds %s", mark)
		}
	}
}

// TestPackagesAreNamed holds that each npm package has its line in docs/dependencies.md, and each whose work ships its place in NOTICE.
func TestPackagesAreNamed(t *testing.T) {
	read := func(parts ...string) string {
		text, err := os.ReadFile(filepath.Join(parts...))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	var about struct{ Dependencies, DevDependencies map[string]string }
	if err := json.Unmarshal([]byte(read("package.json")), &about); err != nil {
		t.Fatal(err)
	}
	if len(about.Dependencies) > 0 {
		t.Error("package.json has dependencies; expected devDependencies only: nothing of npm runs on a server")
	}
	page, notice := read("..", "docs", "dependencies.md"), read("..", "NOTICE")
	for name, version := range about.DevDependencies {
		line := regexp.MustCompile(`(?m)^\| ` + regexp.QuoteMeta(name) + `( ●)? \| ` + regexp.QuoteMeta(version) + ` \|`).FindStringSubmatch(page)
		if line == nil {
			t.Errorf("docs/dependencies.md: no line for %s %s", name, version)
		} else if line[1] != "" && !strings.Contains(notice, name) {
			t.Errorf("NOTICE does not name %s", name)
		}
	}
	licences, err := fs.ReadFile(built, "dist/LICENSES.txt")
	if err != nil {
		return // not built here
	}
	for _, m := range regexp.MustCompile(`(?m)^=+\n(\S+) \S+, `).FindAllStringSubmatch(string(licences), -1) {
		if !strings.Contains(notice, m[1]) {
			t.Errorf("NOTICE does not name %s, whose work is in dist", m[1])
		}
	}
}

// TestColoursCanBeRead computes the contrast of each status hue and text on each ground, in both schemes (WCAG 2.2, 1.4.3: at least 4.5:1).
func TestColoursCanBeRead(t *testing.T) {
	schemes := map[string]string{}
	for _, name := range []string{"tokens.css", "map.css"} {
		text, err := os.ReadFile(filepath.Join("css", name))
		if err != nil {
			t.Fatal(err)
		}
		light, dark, found := strings.Cut(string(text), "prefers-color-scheme: dark")
		if !found {
			t.Fatalf("%s has no dark scheme", name)
		}
		schemes["light"] += light
		schemes["dark"] += dark
	}
	for scheme, part := range schemes {
		colours := map[string]string{}
		for _, m := range regexp.MustCompile(`--([a-z-]+): (#[0-9a-f]{6});`).FindAllStringSubmatch(part, -1) {
			colours[m[1]] = m[2]
		}
		check := func(front, back string, least float64) {
			if colours[front] == "" || colours[back] == "" {
				t.Errorf("%s: no colour %s or %s", scheme, front, back)
				return
			}
			if got := contrast(t, colours[front], colours[back]); got < least {
				t.Errorf("%s: %s on %s has contrast %.2f, expected at least %.1f", scheme, front, back, got, least)
			}
		}
		for _, back := range []string{"ground", "paper", "sunk", "map-land", "map-water"} {
			for _, front := range []string{"ink", "ink-soft", "accent", "informed", "acknowledged", "waiting", "lapsed", "disputed", "urgent"} {
				check(front, back, 4.5)
			}
			check("line-strong", back, 3)
			check("focus", back, 3)
		}
		for _, pair := range [][2]string{{"accent-ink", "accent"}, {"urgent-ink", "urgent"}, {"exercise-ink", "exercise"}, {"ink", "warning"}, {"ink", "accent-pale"}, {"accent", "accent-pale"}} {
			check(pair[0], pair[1], 4.5)
		}
	}
}

func contrast(t *testing.T, a, b string) float64 {
	la, lb := luminance(t, a), luminance(t, b)
	return (math.Max(la, lb) + 0.05) / (math.Min(la, lb) + 0.05)
}

// luminance is the relative luminance of #rrggbb, as WCAG defines it.
func luminance(t *testing.T, colour string) float64 {
	t.Helper()
	var sum float64
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		v, err := strconv.ParseUint(colour[1+2*i:3+2*i], 16, 8)
		if err != nil {
			t.Fatal(err)
		}
		c := float64(v) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}
