package render

type axis struct{}
