// Package recommend chooses an MQTT keepalive from wishes: which NATs, clouds and carriers there
// are, how long a silence the application can bear, what matters most.
//
// Every wish is a bound on the keepalive, from below or from above, with the source of its number.
// What satisfies them all is an interval; if it is empty the answer is that nothing does, and what
// each wish costs. The arithmetic is all there is: no weights, no scores.
//
// Not taken into account: the application's own traffic, which may make pings unnecessary, and
// energy in joules, which depends on the radio.
package recommend
