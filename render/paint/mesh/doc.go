// Package mesh turns a display list into triangles and one texture, ready for a graphics card.
//
// It is the painter without the card: pure Go, so that tests count and measure triangles where
// there is no display. The nouns:
//
//   - Mesh: vertices, indices and batches of one picture. Building it again reuses its memory.
//   - Batch: what one draw call paints, within one clip.
//   - Atlas: the texture. It holds one white texel for everything that is not text, and a bitmap
//     per glyph, size and weight, rasterised at device pixels so that text is crisp at any scale.
//
// Edges are smoothed by geometry: each filled shape and each line has a fringe one device pixel
// wide whose colour fades to nothing. Multisampling would cost more than everything else together.
// Boxes and lines along an axis are put on device pixels and need no fringe.
//
// Not done: kerning and shaping (Latin, kana and kanji need neither to be read), sub-pixel glyph
// positions, joins other than mitres.
package mesh
