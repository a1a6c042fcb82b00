package render

func (f *frame) lanes() {}
