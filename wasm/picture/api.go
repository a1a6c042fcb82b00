//go:build js

package main

import (
	"encoding/json"
	"fmt"
	"syscall/js"
	"time"
)

// method answers one question of the page. Arguments and answers are JSON.
type method func(p *picture, arg json.RawMessage) (any, error)

// api makes the object that the page calls:
//
//	call(name, json) json        a method; {"error": ...} if it failed
//	load(bytes, variant) more    a trace, as the simulation packed it; variant names it, or ""
//	more(ms) json                goes on with it for a while; undefined until that is done, null if
//	                             the trace is out of date by then
//	bytes(name, json) Uint8Array a file to save, or null
//	snapshot(f)                  f gets the next frame's pixels (RGBA), width and height
func (p *picture) api() js.Value {
	o := js.Global().Get("Object").New()
	o.Set("call", js.FuncOf(func(_ js.Value, args []js.Value) any {
		return p.answer(args[0].String(), json.RawMessage(args[1].String()))
	}))
	o.Set("load", js.FuncOf(func(_ js.Value, args []js.Value) any {
		data := make([]byte, args[0].Get("length").Int())
		js.CopyBytesToGo(data, args[0])
		return goOn(p.load(data, args[1].String()))
	}))
	o.Set("bytes", js.FuncOf(func(_ js.Value, args []js.Value) any {
		data, err := p.file(args[0].String(), json.RawMessage(args[1].String()))
		if err != nil {
			return err.Error()
		}
		return toJS(data)
	}))
	o.Set("snapshot", js.FuncOf(func(_ js.Value, args []js.Value) any {
		f := args[0]
		p.shot = func(pixels []byte, w, h int) { f.Invoke(toJS(pixels), w, h) }
		p.game.Repaint()
		return nil
	}))
	return o
}

// goOn is the function by which the page goes on with a trace.
func goOn(l *loading) js.Func {
	var f js.Func
	f = js.FuncOf(func(_ js.Value, args []js.Value) any {
		if !l.more(time.Duration(args[0].Float() * 1e6)) {
			return js.Undefined()
		}
		f.Release()
		return encode(l.out, l.err)
	})
	return f
}

func toJS(data []byte) js.Value {
	a := js.Global().Get("Uint8Array").New(len(data))
	js.CopyBytesToJS(a, data)
	return a
}

func (p *picture) answer(name string, arg json.RawMessage) string {
	m, ok := methods[name]
	if !ok {
		return encode(nil, fmt.Errorf("the picture has no method %q", name))
	}
	out, err := m(p, arg)
	return encode(out, err)
}

func encode(out any, err error) string {
	if err != nil {
		out = failure(err)
	}
	text, err := json.Marshal(out)
	if err != nil {
		text, _ = json.Marshal(failure(err)) // strings always encode
	}
	return string(text)
}

func failure(err error) any { return map[string]string{"error": err.Error()} }

// take decodes an argument.
func take[T any](arg json.RawMessage) (T, error) {
	var v T
	err := json.Unmarshal(arg, &v)
	return v, err
}
