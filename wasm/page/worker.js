// The Web Worker around the simulation: one worker, one run, then it is thrown away. So a run is a
// function of its scenario and of nothing that was run before, memory goes back to the system, and
// a run that hangs is ended by ending its worker.
//
// In: {module: WebAssembly.Module, exec: address of wasm_exec.js or ''}, then {text, name, file}.
// Out: {ready}, {progress, of}, {done, trace: ArrayBuffer, ...}, {error}.
'use strict';

(() => {
  // Chance: the Go runtime asks for it (seeds of maps, order of select). It gets the same numbers
  // each time. This is not for secrets: a simulation has none. Mulberry32.
  let state = 0x6d717474;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (t ^ (t >>> 14)) >>> 0;
  };
  const getRandomValues = (a) => {
    const b = new Uint8Array(a.buffer, a.byteOffset, a.byteLength);
    for (let i = 0; i < b.length; i++) b[i] = next();
    return a;
  };
  Object.defineProperty(globalThis, 'crypto', { value: { getRandomValues } });

  // Time: the runtime's own clock counts the times it is asked, a microsecond each, and jumps when
  // a timer of the runtime fires. Virtual time is none of its business; but a timer that fired a
  // little earlier or later on a busier machine would reorder goroutines.
  let now = 0;
  const wait = setTimeout.bind(globalThis);
  Object.defineProperty(globalThis, 'performance', {
    value: { now: () => { now += 0.001; return now; }, mark() {}, measure() {} },
  });
  globalThis.setTimeout = (f, ms) => {
    const due = now + ms;
    return wait(() => { now = Math.max(now, due); f(); }, ms);
  };

  const fail = (e) => postMessage({ error: String((e && e.message) || e) });

  async function boot({ module, exec }) {
    if (exec) importScripts(exec);
    const go = new Go();
    const ready = new Promise((resolve) => { globalThis.halfopenReady = resolve; });
    const instance = await WebAssembly.instantiate(module, go.importObject);
    go.run(instance).then(() => fail('the simulation ended by itself'), fail);
    await ready;
    postMessage({ ready: true });
  }

  globalThis.halfopenSend = (message, buffer) => {
    if (buffer) {
      message.trace = buffer;
      postMessage(message, [buffer]);
    } else {
      postMessage(message);
    }
  };

  onmessage = ({ data }) => {
    if (data.module) boot(data).catch(fail);
    else globalThis.halfopenRun(data.text, data.name, data.file || '');
  };
})();
