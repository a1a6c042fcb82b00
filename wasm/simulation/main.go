//go:build js

package main

import (
	"syscall/js"
	"time"

	"halfopen/sim"
	"halfopen/sim/scenario"
	"halfopen/wasm/parcel"
)

// job is a scenario to run.
type job struct{ text, name string }

func main() {
	// The Func is made outside any bubble: one made inside would belong to it.
	jobs := make(chan job, 1)
	js.Global().Set("halfopenRun", js.FuncOf(func(_ js.Value, args []js.Value) any {
		jobs <- job{args[0].String(), args[1].String()}
		return nil
	}))
	js.Global().Call("halfopenReady")
	for j := range jobs {
		run(j)
	}
}

// run answers with the trace, or with what went wrong. A run that failed half-way has a trace too:
// it shows what led to the failure.
func run(j job) {
	s, err := scenario.Parse(j.name, j.text)
	if err != nil {
		send(map[string]any{"error": err.Error()}, nil)
		return
	}
	length := seconds(s.Length())
	tr, err := sim.RunScenario(s, sim.Options{Alive: func(t time.Duration) {
		send(map[string]any{"progress": seconds(t), "of": length}, nil)
	}})
	if tr == nil {
		send(map[string]any{"error": err.Error()}, nil)
		return
	}
	message := map[string]any{"done": true, "hash": tr.Hash()}
	if err != nil {
		message["problem"] = err.Error()
	}
	send(message, parcel.Pack(tr))
}

func seconds(d time.Duration) float64 { return d.Seconds() }

// send posts a message to the page, with the trace's bytes handed over rather than copied.
func send(message map[string]any, data []byte) {
	if data == nil {
		js.Global().Call("halfopenSend", message)
		return
	}
	a := js.Global().Get("Uint8Array").New(len(data))
	js.CopyBytesToJS(a, data)
	js.Global().Call("halfopenSend", message, a.Get("buffer"))
}
