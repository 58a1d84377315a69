package main

import (
	"fmt"
	"math"
	"strings"

	"github.com/google/renameio/v2"
)

// picture is a chart with logarithmic axes: volumes to the right, microseconds upward.
type picture struct {
	strings.Builder
	lowX, highX, lowY, highY float64 // powers of ten at the borders
}

const (
	pictureWide, pictureHigh = 820, 460
	pictureLeft, pictureTop  = 70, 20
	pictureInner             = 440 // width of the chart; its names stand to the right
	pictureTall              = 380
)

// Distinct in form too: no colour says anything alone.
var pictureStrokes = [...]struct{ colour, dash string }{
	{"#1b4965", ""}, {"#b5530c", "8 4"}, {"#2d6a4f", "2 4"}, {"#6a3d9a", "10 3 2 3"}, {"#8a1c3a", "14 6"}, {"#444444", "4 2"},
	{"#0b7285", "1 3"}, {"#7c5e10", "12 3 2 3 2 3"}, {"#9c2a8f", "6 6"}, {"#3f6212", "18 4 4 4"}, {"#5f4b8b", "3 8"}, {"#a83232", "16 3"},
}

// drawFigures writes the mean cost of each way to answer against the number of volumes.
func drawFigures(path string, lines []figure) error {
	var names []string
	by := map[string][]figure{}
	for _, f := range lines {
		if by[f.Name] == nil {
			names = append(names, f.Name)
		}
		by[f.Name] = append(by[f.Name], f)
	}
	p := newPicture(lines)
	p.axes()
	for i, name := range names {
		p.line(name, by[name], i)
	}
	p.WriteString("</svg>\n")
	return renameio.WriteFile(path, []byte(p.String()), 0o644)
}

func newPicture(lines []figure) *picture {
	p := &picture{lowX: math.Inf(1), highX: math.Inf(-1), lowY: math.Inf(1), highY: math.Inf(-1)}
	for _, f := range lines {
		x, y := math.Log10(float64(f.Volumes)), math.Log10(f.Mean)
		p.lowX, p.highX = min(p.lowX, math.Floor(x)), max(p.highX, math.Ceil(x))
		p.lowY, p.highY = min(p.lowY, math.Floor(y)), max(p.highY, math.Ceil(y))
	}
	p.highX, p.highY = max(p.highX, p.lowX+1), max(p.highY, p.lowY+1)
	return p
}

func (p *picture) x(volumes float64) float64 {
	return pictureLeft + pictureInner*(math.Log10(volumes)-p.lowX)/(p.highX-p.lowX)
}

func (p *picture) y(micros float64) float64 {
	return pictureTop + pictureTall*(p.highY-math.Log10(micros))/(p.highY-p.lowY)
}

func (p *picture) axes() {
	fmt.Fprintf(p, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="13" role="img">`+"\n", pictureWide, pictureHigh)
	fmt.Fprintln(p, "<title>Mean time of a conflict query against the number of volumes</title>")
	fmt.Fprintf(p, `<rect width="%d" height="%d" fill="#ffffff"/>`+"\n", pictureWide, pictureHigh)
	for e := p.lowX; e <= p.highX; e++ {
		x := p.x(math.Pow(10, e))
		fmt.Fprintf(p, `<path d="M%.1f %dV%d" stroke="#dddddd"/><text x="%.1f" y="%d" text-anchor="middle">%s</text>`+"\n",
			x, pictureTop, pictureTop+pictureTall, x, pictureTop+pictureTall+18, grouped(math.Pow(10, e)))
	}
	for e := p.lowY; e <= p.highY; e++ {
		y := p.y(math.Pow(10, e))
		fmt.Fprintf(p, `<path d="M%d %.1fH%d" stroke="#dddddd"/><text x="%d" y="%.1f" text-anchor="end">%s</text>`+"\n",
			pictureLeft, y, pictureLeft+pictureInner, pictureLeft-8, y+4, grouped(math.Pow(10, e)))
	}
	fmt.Fprintf(p, `<text x="%d" y="%d" text-anchor="middle">volumes</text>`+"\n", pictureLeft+pictureInner/2, pictureTop+pictureTall+40)
	fmt.Fprintf(p, `<text transform="translate(16 %d) rotate(-90)" text-anchor="middle">microseconds a query, mean</text>`+"\n", pictureTop+pictureTall/2)
}

// line draws one way to answer, with its name beside the chart.
func (p *picture) line(name string, fs []figure, i int) {
	stroke := pictureStrokes[i%len(pictureStrokes)]
	var way strings.Builder
	for j, f := range fs {
		fmt.Fprintf(&way, "%c%.1f %.1f", "ML"[min(j, 1)], p.x(float64(f.Volumes)), p.y(f.Mean))
		fmt.Fprintf(p, `<circle cx="%.1f" cy="%.1f" r="3" fill="%s"/>`+"\n", p.x(float64(f.Volumes)), p.y(f.Mean), stroke.colour)
	}
	fmt.Fprintf(p, `<path d="%s" fill="none" stroke="%s" stroke-width="2" stroke-dasharray="%s"/>`+"\n", way.String(), stroke.colour, stroke.dash)
	y := pictureTop + 14 + 22*i
	x := pictureLeft + pictureInner + 20
	fmt.Fprintf(p, `<path d="M%d %dh28" stroke="%s" stroke-width="2" stroke-dasharray="%s"/><text x="%d" y="%d">%s</text>`+"\n",
		x, y-4, stroke.colour, stroke.dash, x+36, y, name)
}

// grouped writes a number with its thousands apart; below one, with its decimals.
func grouped(v float64) string {
	if v < 1 {
		return fmt.Sprintf("%g", v)
	}
	text := fmt.Sprintf("%.0f", v)
	for at := len(text) - 3; at > 0; at -= 3 {
		text = text[:at] + " " + text[at:]
	}
	return text
}
