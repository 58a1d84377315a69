package geo

// Each calls visit for every position of s, in order, closing positions of rings included.
func (s Shape) Each(visit func(Position)) {
	for _, p := range s.Points {
		visit(p)
	}
	for _, line := range s.Lines {
		for _, p := range line {
			visit(p)
		}
	}
	for _, polygon := range s.Polygons {
		for _, ring := range polygon {
			for _, p := range ring {
				visit(p)
			}
		}
	}
}
