// Package budget holds what the page may weigh, and weighs it: the bytes that a first visit waits
// for, after brotli. One noun: Limits. Not weighed: what a browser keeps in memory.
package budget
