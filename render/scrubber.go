package render

func (f *frame) scrubber() {}
