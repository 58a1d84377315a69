package web_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"parley/exchange/replay"
	"parley/exercise"
	"parley/internal/need"
	"parley/web"
)

func replayed(t *testing.T, file string) *httptest.Server {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	c, err := replay.Read(text)
	if err != nil {
		t.Fatal(err)
	}
	tale, err := exercise.Tell(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	pages, err := web.Replay(tale)
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(pages)
	t.Cleanup(s.Close)
	return s
}

func fetched(t *testing.T, address string) string {
	t.Helper()
	r, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil || r.StatusCode != http.StatusOK {
		t.Fatalf("%s: %d %v", address, r.StatusCode, err)
	}
	return string(body)
}

// The page of a replay needs no script, says in both languages what it shows and what not, and draws what was spoken of by then.
func TestReplayPage(t *testing.T) {
	s := replayed(t, filepath.Join(need.Root(), "examples", "timeline.json"))
	for lang, says := range map[string][]string{
		"en": {`dir="ltr"`, "had the area been checked", "nothing about who did what", "entered so that there is something to check", "A newspaper", "It says the boat was not marked"},
		"ar": {`dir="rtl"`, "لو فُحصت المنطقة", "ولا شيء عمّن فعل ماذا", "A newspaper"},
	} {
		page := fetched(t, s.URL+"/"+lang)
		for _, w := range says {
			if !strings.Contains(page, w) {
				t.Errorf("%s: the page lacks %q", lang, w)
			}
		}
		if w := regexp.MustCompile(`(?i)<script|would have prevented|\[[a-z_]+\.[a-z_]+\]|Name that no page may show|ZgotmplZ`).FindString(page); w != "" {
			t.Errorf("%s: the page holds %q", lang, w)
		}
		if _, err := html.Parse(strings.NewReader(page)); err != nil {
			t.Errorf("%s: %v", lang, err)
		}
		moments := strings.Split(page, `<section class="moment"`)
		if len(moments) != 6 {
			t.Fatalf("%s: %d moments; expected one for each of 5 events", lang, len(moments)-1)
		}
		if !strings.Contains(moments[1], ">m1</text>") || strings.Contains(moments[1], ">a1</text>") || !strings.Contains(moments[3], ">a1</text>") {
			t.Errorf("%s: the map shows the area before anybody spoke of it, or not after", lang)
		}
		if !strings.Contains(moments[1], "ack_missing") || strings.Contains(moments[1], "contrary_indication") || !strings.Contains(moments[3], "contrary_indication") {
			t.Errorf("%s: warnings do not stand where they rose", lang)
		}
	}
}

// Contested facts of an open case are marked and attributed, and the page takes no view.
func TestReplayPageAttributesWhatIsContested(t *testing.T) {
	page := fetched(t, replayed(t, filepath.Join(need.Shared(t, "replays"), "al-tanf-2017-05-18.json")).URL+"/en")
	for _, w := range []string{"contested", `<bdi lang="en">Party B</bdi>: <q lang="en">No knowledge of such zones`, "No word that a unit has the urgent stop"} {
		if !strings.Contains(page, w) {
			t.Errorf("the page lacks %q", w)
		}
	}
	if strings.Contains(page, "US-led") {
		t.Error("the page shows what an actor is called in the public record")
	}
}
