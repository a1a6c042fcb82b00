package render

func (f *frame) stage() {}
