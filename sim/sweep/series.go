package sweep

import (
	"slices"
	"strconv"
)

// Series is a measure a second, as one line of a figure.
type Series struct {
	Name   string
	Values []int // one for each second
}

// seriesColors tell lines apart; so do their names at the right end, for who sees no colour.
var seriesColors = []string{strong, warn, "#8a6000", ink}

// seriesFigure draws lines over time. What is wider than the figure has columns is summed up by
// taking the highest of each column's seconds: peaks stay.
func seriesFigure(title, y string, list []Series) *figure {
	const left, right, top, bottom = 70, 730, 60, 340
	f := &figure{w: 760, h: 380, title: title}
	f.heading(10, 22, title)
	most, length := 1, 1
	for _, s := range list {
		length = max(length, len(s.Values))
		most = max(most, slices.Max(append([]int{0}, s.Values...)))
	}
	f.line(left, bottom, right, bottom, ink)
	f.line(left, top, left, bottom, ink)
	for v := 0; v <= most; v += tickStep(most, 5) {
		at := bottom - (bottom-top)*float64(v)/float64(most)
		f.line(left-4, at, left, at, ink)
		f.text(left-8, at+4, "end", ink, strconv.Itoa(v))
	}
	for v := 0; v <= length; v += tickStep(length, 8) {
		x := left + (right-left)*float64(v)/float64(length)
		f.line(x, bottom, x, bottom+4, ink)
		f.text(x, bottom+18, "middle", ink, strconv.Itoa(v)+" s")
	}
	f.text(left, top-10, "start", ink, y)
	for i, s := range list {
		color := seriesColors[i%len(seriesColors)]
		f.text(right-4, top+14*float64(i+1), "end", color, s.Name)
		lastX, lastY := float64(left), float64(bottom)
		for c, v := range columnsOf(s.Values, right-left, length) {
			x := left + float64(c+1)*float64(right-left)/float64(min(length, right-left))
			at := bottom - float64(bottom-top)*float64(v)/float64(most)
			if lastY != at { // a second is a step, not a slope
				f.line(lastX, lastY, lastX, at, color)
			}
			f.line(lastX, at, x, at, color)
			lastX, lastY = x, at
		}
	}
	return f
}

// tickStep is 1, 2 or 5 times a power of ten, such that at most so many steps make up the whole.
func tickStep(whole, most int) int {
	for step := 1; ; step *= 10 {
		for _, m := range []int{1, 2, 5} {
			if m*step*most >= whole {
				return m * step
			}
		}
	}
}

// columnsOf reduces values to at most n columns, keeping each column's highest.
func columnsOf(values []int, n, length int) []int {
	if length <= n {
		return values
	}
	out := make([]int, len(values)*n/length+1)
	for i, v := range values {
		c := i * n / length
		out[c] = max(out[c], v)
	}
	return out
}

// SeriesSVG and SeriesPNG draw lines over time.
func SeriesSVG(title, y string, list []Series) string {
	return seriesFigure(title, y, list).SVG(false)
}

// SeriesPNG is SeriesSVG as pixels.
func SeriesPNG(title, y string, list []Series) ([]byte, error) {
	return seriesFigure(title, y, list).PNG()
}

// Bars prints a series as a histogram of text: a line for each step seconds.
func Bars(values []int, step, width int) []string {
	var out []string
	sums := make([]int, 0, len(values)/step+1)
	most := 1
	for i := 0; i < len(values); i += step {
		sum := 0
		for _, v := range values[i:min(i+step, len(values))] {
			sum += v
		}
		sums = append(sums, sum)
		most = max(most, sum)
	}
	for _, s := range sums {
		bar := make([]byte, s*width/most)
		for i := range bar {
			bar[i] = '#'
		}
		out = append(out, string(bar))
	}
	return out
}
