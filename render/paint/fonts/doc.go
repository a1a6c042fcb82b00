// Package fonts holds what the painter writes with: subsets of the Go fonts for Latin (see
// GO-FONTS.txt), and of Noto Sans CJK JP for Japanese (SIL Open Font License 1.1, see OFL.txt).
//
// In the page the picture's program has the characters of the picture's own catalogue and no more,
// because everybody who visits waits for them; explanations are HTML there. The native window
// writes explanations itself, and has their characters too. TestCoverage fails when a catalogue
// needs a character that a subset lacks, and prints the characters to make it from. The subsets
// are made with fontTools from the fonts as distributed:
//
//	python3 -m fontTools.subset NotoSansCJK-Regular.ttc --font-number=0 --text-file=chars.txt \
//	    --layout-features= --no-hinting --desubroutinize --output-file=japanese.otf
//
// and the Go fonts likewise, with Latin-1 and the signs in latinSigns.
package fonts
