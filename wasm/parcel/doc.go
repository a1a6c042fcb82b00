// Package parcel carries a trace from the simulation to the picture: two programs that share no
// memory. The form is binary, private to one build of the page, and not for keeping; files have
// forms of their own.
//
// Each type is described once, and the description serves both ways: see coder. Segments that
// several events share stay shared. TestParcelKeepsEveryField fails when a type gets a field that
// is not carried.
//
// A reader has to wait for the unpacking, on the thread that draws: zeros come as counts, texts
// once, and whoever unpacks may rest between pieces.
package parcel
