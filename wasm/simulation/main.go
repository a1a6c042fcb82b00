//go:build js

package main

import (
	"bytes"
	"errors"
	"io"
	"syscall/js"
	"time"

	"halfopen/sim"
	"halfopen/sim/scenario"
	"halfopen/sim/trace"
	"halfopen/wasm/parcel"
)

// job is a scenario to run. With a file's kind the answer is that file instead of the trace: the
// page asks for it when somebody wants to save one, and a run is cheaper than carrying the code for
// files in the picture's program.
type job struct{ text, name, file string }

func main() {
	// The Func is made outside any bubble: one made inside would belong to it.
	jobs := make(chan job, 1)
	js.Global().Set("halfopenRun", js.FuncOf(func(_ js.Value, args []js.Value) any {
		jobs <- job{args[0].String(), args[1].String(), args[2].String()}
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
	var unmet *sim.ExpectationError
	switch {
	case errors.As(err, &unmet):
		message["unmet"] = err.Error() // after an edit that is no fault of anybody's
	case err != nil:
		message["problem"] = err.Error()
	}
	if j.file == "" {
		send(message, parcel.Pack(tr))
		return
	}
	var b bytes.Buffer
	write, ok := files[j.file]
	if !ok {
		send(map[string]any{"error": "no file of kind " + j.file}, nil)
		return
	}
	if err := write(tr, &b); err != nil {
		send(map[string]any{"error": err.Error()}, nil)
		return
	}
	send(message, b.Bytes())
}

// files are the forms in which a run leaves the page, as `halfopen run --format` names them.
var files = map[string]func(*trace.Trace, io.Writer) error{
	"pcapng":     func(tr *trace.Trace, w io.Writer) error { return tr.Pcapng(w, "") },
	"transcript": func(tr *trace.Trace, w io.Writer) error { return tr.Transcript(w) },
	"json":       func(tr *trace.Trace, w io.Writer) error { return tr.JSON(w) },
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
