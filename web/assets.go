package web

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"regexp"
	"strconv"
	"strings"
)

// built holds what npm makes (make web) and our own styles. Without npm's parts dist holds nothing but its .gitignore: pages then work as plain HTML.
//
//go:embed all:dist css
var built embed.FS

// plainSheets are the styles that need no build, in the order of the cascade.
var plainSheets = []string{"tokens.css", "base.css", "components.css", "elements.css", "pages.css", "print.css"}

// assetPrefix is where assets are served.
const assetPrefix = "/assets/"

// assets are the files behind the pages: scripts, styles, fonts, icons, base map.
//
// They are read once and never change, so any goroutine may use them.
type assets struct {
	files map[string]asset  // by the name under /assets/
	names map[string]string // logical name → name under /assets/
	icons map[string]bool
	built bool
}

// asset is one file in the encodings that it was built in.
type asset struct {
	kind              string // content type
	raw, gzip, brotli []byte
	immutable, hasRaw bool
}

// manifest is dist/manifest.json, which web/build.mjs writes last.
type manifest struct {
	Files map[string]string `json:"files"` // logical name → name in dist
	Icons []string          `json:"icons"` // symbols of icons.svg
}

// openAssets reads what is embedded. It fails when dist is half there.
func openAssets() (*assets, error) { return readAssets(built) }

func readAssets(files fs.FS) (*assets, error) {
	a := &assets{files: map[string]asset{}, names: map[string]string{}, icons: map[string]bool{}}
	text, err := fs.ReadFile(files, "dist/manifest.json")
	if errors.Is(err, fs.ErrNotExist) {
		return a, a.addPlain(files)
	}
	if err != nil {
		return nil, fmt.Errorf("couldn't read the manifest of the built assets: %w", err)
	}
	var m manifest
	if err := json.Unmarshal(text, &m); err != nil {
		return nil, fmt.Errorf("couldn't read the manifest of the built assets: %w", err)
	}
	a.built = true
	if err := a.addDist(files); err != nil {
		return nil, err
	}
	for name, file := range m.Files {
		if _, ok := a.files[file]; !ok {
			return nil, fmt.Errorf("couldn't find the built asset %s, expected dist/%s; run make web", name, file)
		}
		a.names[name] = file
	}
	for _, icon := range m.Icons {
		a.icons[icon] = true
	}
	return a, nil
}

// addPlain joins our own styles into one sheet.
func (a *assets) addPlain(files fs.FS) error {
	var sheet bytes.Buffer
	for _, name := range plainSheets {
		text, err := fs.ReadFile(files, "css/"+name)
		if err != nil {
			return fmt.Errorf("couldn't read the style sheet: %w", err)
		}
		sheet.Write(text)
	}
	sum := sha256.Sum256(sheet.Bytes())
	name := fmt.Sprintf("plain.%X.css", sum[:4])
	a.files[name] = asset{kind: contentTypes[".css"], raw: sheet.Bytes(), immutable: true}
	a.names["app.css"] = name
	return nil
}

// hashed matches NAME.HASH.EXT, whose content never changes under its name.
var hashed = regexp.MustCompile(`^[^/]+\.[0-9A-Z]{8}\.[a-z0-9]+$`)

// contentTypes are the kinds of files in dist; any other kind is a fault of the build.
var contentTypes = map[string]string{
	".css":   "text/css; charset=utf-8",
	".js":    "text/javascript; charset=utf-8",
	".json":  "application/json",
	".svg":   "image/svg+xml",
	".txt":   "text/plain; charset=utf-8",
	".woff2": "font/woff2",
}

func (a *assets) addDist(files fs.FS) error {
	entries, err := fs.ReadDir(files, "dist")
	if err != nil {
		return fmt.Errorf("couldn't list the built assets: %w", err)
	}
	for _, e := range entries {
		if e.IsDir() || e.Name() == ".gitignore" || e.Name() == "manifest.json" {
			continue
		}
		body, err := fs.ReadFile(files, "dist/"+e.Name())
		if err != nil {
			return fmt.Errorf("couldn't read a built asset: %w", err)
		}
		name := strings.TrimSuffix(strings.TrimSuffix(e.Name(), ".gz"), ".br")
		kind, ok := contentTypes[path.Ext(name)]
		if !ok {
			return fmt.Errorf("couldn't tell the type of the built asset %s", e.Name())
		}
		f := a.files[name]
		f.kind, f.immutable = kind, hashed.MatchString(name)
		switch path.Ext(e.Name()) {
		case ".gz":
			f.gzip = body
		case ".br":
			f.brotli = body
		default:
			f.raw, f.hasRaw = body, true
		}
		a.files[name] = f
	}
	for name, f := range a.files {
		if !f.hasRaw {
			return fmt.Errorf("couldn't find the built asset %s, only its compressed form; run make web", name)
		}
	}
	return nil
}

// Built reports whether npm's parts are there.
func (a *assets) Built() bool { return a.built }

// URL returns the address of an asset by its logical name, or "" when this build has none. Without npm's parts "app.css" is our own styles.
func (a *assets) URL(name string) string {
	file, ok := a.names[name]
	if !ok {
		return ""
	}
	return assetPrefix + file
}

// Icon returns what <use href> takes for a symbol, or "" when this build has no such symbol.
func (a *assets) Icon(name string) string {
	if !a.icons[name] {
		return ""
	}
	return a.URL("icons.svg") + "#" + name
}

// ServeHTTP answers /assets/NAME in the best encoding that the client takes.
func (a *assets) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, http.StatusText(http.StatusMethodNotAllowed), http.StatusMethodNotAllowed)
		return
	}
	f, ok := a.files[strings.TrimPrefix(r.URL.Path, assetPrefix)]
	if !ok {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	h.Set("Content-Type", f.kind)
	h.Set("X-Content-Type-Options", "nosniff")
	if f.immutable {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	} else {
		h.Set("Cache-Control", "no-cache")
	}
	body := f.raw
	if f.gzip != nil || f.brotli != nil {
		h.Set("Vary", "Accept-Encoding")
		switch accepted := r.Header.Get("Accept-Encoding"); {
		case f.brotli != nil && accepts(accepted, "br"):
			h.Set("Content-Encoding", "br")
			body = f.brotli
		case f.gzip != nil && accepts(accepted, "gzip"):
			h.Set("Content-Encoding", "gzip")
			body = f.gzip
		}
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method == http.MethodGet {
		_, _ = w.Write(body) // a client that went away needs no answer
	}
}

// accepts reports whether an Accept-Encoding header (RFC 9110 section 12.5.3) names an encoding and does not refuse it.
func accepts(header, encoding string) bool {
	for _, part := range strings.Split(header, ",") {
		name, params, _ := strings.Cut(part, ";")
		if !strings.EqualFold(strings.TrimSpace(name), encoding) {
			continue
		}
		q, weighted := strings.CutPrefix(strings.ReplaceAll(strings.ToLower(params), " ", ""), "q=")
		weight, err := strconv.ParseFloat(q, 64)
		return !weighted || err == nil && weight > 0
	}
	return false
}
