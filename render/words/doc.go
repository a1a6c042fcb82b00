// Package words holds the words of the picture and of the page, in English and in Japanese, as two
// JSON catalogues with the same keys. A missing or surplus key fails the tests and so the build.
//
// Values may contain {0}, {1} ... for arguments. Terms of the protocols (PINGREQ, half-open, SYN)
// keep their English form in Japanese.
package words
