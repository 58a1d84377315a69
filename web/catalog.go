package web

import (
	"embed"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

//go:embed catalog/*.json
var catalogFiles embed.FS

// catalog holds the words of one language by key. Keys are the same in every language; a test holds them to that.
type catalog struct {
	tag   language.Tag
	words map[string]phrase
}

// phrase is one text, or one for each plural form of the language (CLDR). "{name}" in a text stands for a value.
type phrase struct {
	text  string
	forms map[plural.Form]string
}

var pluralForms = map[string]plural.Form{"zero": plural.Zero, "one": plural.One, "two": plural.Two, "few": plural.Few, "many": plural.Many, "other": plural.Other}

// openCatalog reads the catalogue of a language.
func openCatalog(lang string) (*catalog, error) {
	text, err := catalogFiles.ReadFile("catalog/" + lang + ".json")
	if err != nil {
		return nil, fmt.Errorf("couldn't open the catalogue: %w", err)
	}
	return readCatalog(lang, text)
}

// readCatalog reads a catalogue: a flat object from keys to texts, or to objects with plural forms.
func readCatalog(lang string, text []byte) (*catalog, error) {
	tag, err := language.Parse(lang)
	if err != nil {
		return nil, fmt.Errorf("catalogue %q: %w", lang, err)
	}
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(text, &raw); err != nil {
		return nil, fmt.Errorf("couldn't read the catalogue %s: %w", lang, err)
	}
	c := &catalog{tag: tag, words: map[string]phrase{}}
	for key, value := range raw {
		var ph phrase
		if json.Unmarshal(value, &ph.text) != nil {
			var forms map[string]string
			if err := json.Unmarshal(value, &forms); err != nil {
				return nil, fmt.Errorf("catalogue %s, %s: expected a text or plural forms: %w", lang, key, err)
			}
			ph.forms = map[plural.Form]string{}
			for name, text := range forms {
				form, ok := pluralForms[name]
				if !ok {
					return nil, fmt.Errorf("catalogue %s, %s: read the plural form %q; expected zero, one, two, few, many or other", lang, key, name)
				}
				ph.forms[form] = text
			}
			if ph.forms[plural.Other] == "" {
				return nil, fmt.Errorf("catalogue %s, %s: expected at least the plural form other", lang, key)
			}
		}
		c.words[key] = ph
	}
	return c, nil
}

// has reports whether there are words for a key.
func (c *catalog) has(key string) bool {
	_, ok := c.words[key]
	return ok
}

// say returns the words for a key with values put in: names and values in turn. The value of "n" chooses the plural form. A key
// without words shows itself, so that nothing is silently empty; a test finds each of them.
func (c *catalog) say(key string, values ...any) string {
	ph, ok := c.words[key]
	if !ok {
		return "[" + key + "]"
	}
	text := ph.text
	if ph.forms != nil {
		text = ph.forms[plural.Other]
		for i := 0; i+1 < len(values); i += 2 {
			if n, ok := values[i+1].(int); ok && values[i] == "n" {
				if chosen, ok := ph.forms[plural.Cardinal.MatchPlural(c.tag, n, 0, 0, 0, 0)]; ok {
					text = chosen
				}
			}
		}
	}
	for i := 0; i+1 < len(values); i += 2 {
		text = strings.ReplaceAll(text, "{"+fmt.Sprint(values[i])+"}", c.value(values[i+1]))
	}
	return text
}

// value writes a value into a text. Whoever passes letters of another direction sets them apart with Unicode isolates.
func (c *catalog) value(v any) string {
	switch v := v.(type) {
	case int:
		return strconv.Itoa(v)
	case string:
		return v
	}
	return fmt.Sprint(v)
}

// browser returns the words that the browser's own code shows: the keys that begin with "js.", and those of refusals.
func (c *catalog) browser() map[string]any {
	out := map[string]any{}
	for key, ph := range c.words {
		if !strings.HasPrefix(key, "js.") && !strings.HasPrefix(key, "code.") {
			continue
		}
		if ph.forms == nil {
			out[key] = ph.text
			continue
		}
		forms := map[string]string{}
		for name, form := range pluralForms {
			if text, ok := ph.forms[form]; ok {
				forms[name] = text
			}
		}
		out[key] = forms
	}
	return out
}
