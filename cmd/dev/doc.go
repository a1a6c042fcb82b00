// Command dev is the developers' one tool.
//
//	go run ./cmd/dev check              everything that must hold; check NAME... runs single steps
//	go run ./cmd/dev tidy               house rules of the source (tidy.go)
//	go run ./cmd/dev packetdrill F...   packetdrill scripts against netmodel
//	go run ./cmd/dev fidelity DIR       captures of real machines against the model
//	go run ./cmd/dev soak --for 1m      random networks, faults and traffic, with all invariants
//	go run ./cmd/dev speed              the benchmarks beside what was promised of them
//	go run ./cmd/dev golden             rewrite recorded transcripts; then read git diff
//
// check.go runs the steps of steps*.go, each a function that says what is wrong. A step that cannot
// run on this machine is skipped; with HALFOPEN_CI=1 that is a failure.
package main
