// Package metrics measures one run: a pure function of its trace.
//
//   - Notice: when each side, two programs and two kernels, found out that a connection was over,
//     by which rule, and how long after it had in fact died;
//   - Lie, Downtime, Deafness: how long somebody believed in a dead line, how long the subscriber
//     could not hear, and how long it was connected without a subscription;
//   - Balance: what became of each published message; the sum always comes out;
//   - Traffic: packets, bytes and radio wake-ups of the client by kind, also scaled to a day.
//
// What is not measured: energy (a wake-up is an event, not a charge), and the radio's own
// signalling.
package metrics
