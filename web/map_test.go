package web_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"

	"parley"
	"parley/channel"
	"parley/geo"
	"parley/geo/notation"
	"parley/internal/draft"
	"parley/release"
)

// painted counts the colours that the map's canvases hold, up to a few.
const painted = `(() => {
	const seen = new Set();
	for (const c of document.querySelectorAll('p-map canvas')) {
		const p = c.getContext('2d')?.getImageData(0, 0, c.width, c.height).data ?? [];
		for (let i = 0; i < p.length && seen.size < 20; i += 4) if (p[i + 3] > 0) seen.add(p[i] << 16 | p[i + 1] << 8 | p[i + 2]);
	}
	return seen.size;
})()`

// mapReady waits for the map and brings it into sight.
func (b *browser) mapReady() {
	b.t.Helper()
	b.until("the map", "document.querySelector('p-map')?.dataset.ready === ''")
	eval[bool](b, "(document.querySelector('.map-view').scrollIntoView({block: 'center'}), true)")
}

// spot presses the map at a place given as parts of its width and height.
func (b *browser) spot(x, y float64) {
	b.t.Helper()
	at := eval[[]float64](b, "(r => [r.left + r.width * %g, r.top + r.height * %g])(document.querySelector('.map-view').getBoundingClientRect())", x, y)
	b.run(input.DispatchMouseEvent(input.MouseMoved, at[0], at[1]), chromedp.MouseClickXY(at[0], at[1]))
}

// enterKey presses Enter as a keyboard does: what a page prevents on the way down does not come as a letter to whatever has the focus by then.
func (b *browser) enterKey() {
	b.t.Helper()
	key := input.DispatchKeyEvent(input.KeyDown).WithKey("Enter").WithCode("Enter").WithWindowsVirtualKeyCode(13)
	b.run(key.WithText("\r"), input.DispatchKeyEvent(input.KeyUp).WithKey("Enter").WithCode("Enter").WithWindowsVirtualKeyCode(13))
}

// areaOf returns an area as its own party sees it.
func (h *house) areaOf(ref parley.Ref) (area release.Area) {
	h.T.Helper()
	if err := h.node.Read(func(s *channel.State) {
		m, _ := s.Session(draft.KeyOf(h.A.Officer.Key).ID())
		if a, ok := s.View(&m, h.Now(), h.node.Text).Area(ref); ok {
			area = *a
		}
	}); err != nil {
		h.T.Fatal(err)
	}
	if area.Ref != ref {
		h.T.Fatalf("%s is not there", ref)
	}
	return area
}

// declare sends the form of an area and returns what was stored.
func (b *browser) declare() release.Area {
	b.t.Helper()
	b.choose("to", string(b.h.B.Ref))
	b.press("form[data-sign]:has(#shape) button.primary")
	b.until("the area", "location.pathname.startsWith('/en/areas/AREA-') && document.readyState === 'complete'")
	return b.h.areaOf(parley.Ref(strings.TrimPrefix(eval[string](b, "location.pathname"), "/en/areas/")))
}

// Without WebGL the map shows, a polygon is drawn by the mouse, and the same polygon typed by keys into the list of positions is the
// same text and the same geometry.
func TestMapWithoutWebGL(t *testing.T) {
	h := newHouse(t)
	b := h.newBrowser("disable-3d-apis")
	b.enter("en", h.A.Ref, "Idris", parley.DutyOfficer)
	b.open("/en/areas/new")
	if eval[bool](b, "!!document.createElement('canvas').getContext('webgl')") {
		t.Fatal("WebGL works here; expected a browser without it")
	}
	b.mapReady()
	b.until("colours on the map", "%s >= 3", painted)

	b.press("[data-map=draw]")
	for _, p := range [][2]float64{{0.40, 0.40}, {0.60, 0.42}, {0.58, 0.62}, {0.42, 0.60}, {0.40, 0.40}} {
		b.spot(p[0], p[1])
	}
	b.until("four positions", "document.getElementById('shape').value.split('\\n').length === 4")
	drawn := eval[string](b, "document.getElementById('shape').value")
	b.until("the same in the list of positions", "[...document.querySelectorAll('p-vertices input[data-act=text]')].map(i => i.value).join('\\n') === %q", drawn)
	var positions []geo.Position
	for line := range strings.SplitSeq(drawn, "\n") {
		r, err := notation.Parse(line)
		if err != nil {
			t.Fatalf("the map wrote %q: %v", line, err)
		}
		positions = append(positions, r.Position)
	}
	byMouse := b.declare()

	// The same by keys alone.
	b.open("/en/areas/new")
	b.mapReady()
	if got := eval[string](b, "document.getElementById('shape').value"); got != "" {
		t.Errorf("after an area was declared the form begins with %q; expected nothing", got)
	}
	b.run(chromedp.Focus("p-vertices button[data-act=add]", chromedp.ByQuery))
	b.enterKey()
	for i, line := range strings.Split(drawn, "\n") {
		if i > 0 {
			b.enterKey()
		}
		b.until(fmt.Sprintf("row %d in focus", i+1), "[...document.querySelectorAll('p-vertices input[data-act=text]')].indexOf(document.activeElement) === %d", i)
		b.run(chromedp.KeyEvent(line))
	}
	if got := eval[string](b, "document.getElementById('shape').value"); got != drawn {
		t.Errorf("typed by keys:\n%s\nexpected, as drawn:\n%s", got, drawn)
	}
	byKeys := b.declare()
	if fmt.Sprint(byKeys.Geometry.Shape) != fmt.Sprint(byMouse.Geometry.Shape) {
		t.Errorf("by keys %v, by mouse %v; expected the same geometry", byKeys.Geometry.Shape, byMouse.Geometry.Shape)
	}
	ring := byKeys.Geometry.Polygons[0][0] // long sides have positions between those that were drawn
	for _, p := range positions {
		found := false
		for _, q := range ring {
			found = found || p == q
		}
		if !found {
			t.Errorf("the stored ring %v lacks the drawn position %s", ring, p)
		}
	}
}

// A circle has one position: with that shape chosen, one press on the map writes it.
func TestMapDrawsTheMiddleOfACircle(t *testing.T) {
	h := newHouse(t)
	b := h.newBrowser("disable-3d-apis")
	b.enter("ar", h.A.Ref, "إدريس", parley.DutyOfficer)
	b.open("/ar/areas/new")
	b.mapReady()
	b.fill("shape_kind", "circle")
	b.press("[data-map=draw]")
	b.spot(0.5, 0.5)
	b.until("one position", "/^\\d+\\.\\d{5}, \\d+\\.\\d{5}$/.test(document.getElementById('shape').value)")
}
