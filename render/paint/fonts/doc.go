// Package fonts holds what the painter writes with: the Go fonts for Latin, and for Japanese a
// subset of Noto Sans CJK JP with the characters of the catalogues of render/words and no others
// (SIL Open Font License 1.1, see OFL.txt). TestCoverage fails when a catalogue needs a character
// that the subset lacks, and says how to make it again.
package fonts
