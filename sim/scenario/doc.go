// Package scenario is the plain data that determines a run, its text form and its share links.
//
// A Scenario is a list of Statements, one a line: settings of the run (seed, run, start, limit),
// declarations (host, router, nat, broker, client, link), steps (what programs are told to do, and
// faults, each at a time) and expectations. What a statement may say is data: Verbs is the table
// from which the parser, the canonical printer, the checker, `--set`, the settings form of the page
// and GRAMMAR.md are all served.
//
//	Parse         text to statements; strict, errors name line, column and a suggestion
//	String        canonical text: Parse(s.String()) gives s again
//	Check         what one line alone cannot tell: unknown hosts, missing links, duplicates
//	Set, Settings single values by name: "client.keepalive"
//	Encode        a link's fragment, Decode back, with hard limits
//
// The package runs nothing and knows nothing about MQTT libraries; package sim interprets it.
package scenario
