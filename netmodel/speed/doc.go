// Package speed is what the speed of the simulator is measured with: the workloads that other
// network simulators were measured with ([MQTT], [Bulk], [Idle]), the processor time that they take
// ([CPU]), and a yardstick, since machines differ and are shared: a bare event loop ([Loop]), whose
// cost says how fast the machine is just now. Benchmarks of several packages use it; `go run
// ./cmd/dev speed` runs these, and compares with what was promised.
package speed
