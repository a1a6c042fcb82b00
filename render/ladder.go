package render

func (f *frame) ladder() {}
