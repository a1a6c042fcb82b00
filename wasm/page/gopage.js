// Runs the picture's Go program in a corner of the page instead of in all of it.
//
// Ebiten believes that the page is its own: it appends its canvas to the body, measures the body,
// styles it, takes all keys (a keyboard trap), and reloads the page when WebGL loses its context.
// So the program gets a window and a document of ours. They have what ebiten asks for and nothing
// else, and what they say is about the host element. The page keeps its keys, its pointers, its
// styles; the canvas gets no listener but the one for a lost context.

// Gate holds frames and timers of the program back while there is nothing to draw: a page that
// shows a still picture uses no processor time.
export class Gate {
  constructor() {
    this.open = true;
    this.frame = null; // the callback held back
    this.timers = new Map();
    this.next = 1;
  }

  requestFrame(f) {
    if (this.open) return requestAnimationFrame(f);
    this.frame = f;
    return 0;
  }

  // Timers of a sleeping program are kept, with what they would have waited.
  setTimer(f, ms) {
    const id = this.next++;
    const t = { f, ms, handle: 0 };
    this.timers.set(id, t);
    if (this.open) this.arm(id, t);
    return id;
  }

  arm(id, t) {
    t.handle = setTimeout(() => { this.timers.delete(id); t.f(); }, t.ms);
  }

  clearTimer(id) {
    const t = this.timers.get(id);
    if (t) clearTimeout(t.handle);
    this.timers.delete(id);
  }

  sleep() {
    if (!this.open) return;
    this.open = false;
    for (const t of this.timers.values()) clearTimeout(t.handle);
  }

  wake() {
    if (this.open) return;
    this.open = true;
    for (const [id, t] of this.timers) this.arm(id, t);
    if (this.frame) {
      requestAnimationFrame(this.frame);
      this.frame = null;
    }
  }
}

// canvasIn makes the canvas: no antialiasing (it changes no pixel and costs 30 ms a frame), no
// listeners, no place in the order of tabs, and nothing for assistive technology, which gets the
// table of events instead.
function canvasIn(host, lost) {
  const canvas = document.createElement('canvas');
  canvas.setAttribute('aria-hidden', 'true');
  const getContext = canvas.getContext.bind(canvas);
  canvas.getContext = (type, o) => getContext(type, { ...o, antialias: false });
  canvas.addEventListener('webglcontextlost', (e) => { e.preventDefault(); lost(); });
  canvas.addEventListener = () => {};
  canvas.setAttribute = () => {};
  canvas.focus = () => {};
  host.append(canvas);
  return canvas;
}

// fakeDocument is the document that ebiten sees.
function fakeDocument(host, lost) {
  const nothing = { style: {}, appendChild() {}, set() {} };
  return {
    body: {
      get clientWidth() { return Math.round(host.clientWidth * devicePixelRatio); },
      get clientHeight() { return Math.round(host.clientHeight * devicePixelRatio); },
      style: {},
      appendChild() {},
    },
    head: nothing,
    documentElement: nothing,
    createElement: (name) => (name === 'canvas' ? canvasIn(host, lost) : { set() {} }),
    addEventListener() {},
    hasFocus: () => true,
    exitPointerLock() {},
  };
}

// fakeGlobal is the global object that the program sees: the real one, but for what is ours.
function fakeGlobal(host, gate, lost, extra) {
  const doc = fakeDocument(host, lost);
  const listeners = [];
  const win = {
    addEventListener: (type, f) => { if (type === 'resize') listeners.push(f); },
    location: { reload: lost },
    parent: { location: {} }, // another location: ebiten must not take the focus
    get devicePixelRatio() { return devicePixelRatio; },
  };
  const own = {
    document: doc,
    window: win,
    Document: { prototype: { get hidden() { return false; } } },
    requestAnimationFrame: (f) => gate.requestFrame(f),
    navigator: { getGamepads: () => [], userAgent: navigator.userAgent },
    screen: { width: screen.width, height: screen.height },
    ...extra,
  };
  const global = new Proxy(globalThis, {
    get: (real, name) => (name in own ? own[name] : Reflect.get(real, name, real)),
    set: (real, name, value) => { own[name] = value; return true; },
  });
  return { global, resized: () => listeners.forEach((f) => f({})) };
}

// start runs a compiled program. It returns at once, with a function to call when the host's size
// has changed; the program says that it is ready by what extra gives it.
export function start(module, host, gate, { lost, ended, extra }) {
  const go = new globalThis.Go();
  const imports = go.importObject;
  const { global, resized } = fakeGlobal(host, gate, lost, extra);
  // Go.run puts the real global object into its table of values (number 5) just before it sets
  // _ids; this is the one moment to put ours in its place.
  Object.defineProperty(go, '_ids', {
    configurable: true,
    set(ids) {
      ids.delete(globalThis);
      ids.set(global, 5);
      this._values[5] = global;
      Object.defineProperty(this, '_ids', { value: ids, writable: true });
    },
  });
  holdTimers(go, imports.gojs, gate);
  WebAssembly.instantiate(module, imports).then((i) => go.run(i)).then(ended, ended);
  return resized;
}

// holdTimers sends the Go runtime's timers through the gate.
function holdTimers(go, gojs, gate) {
  gojs['runtime.scheduleTimeoutEvent'] = (sp) => {
    sp >>>= 0;
    const ms = Number(go.mem.getBigInt64(sp + 8, true));
    const id = gate.setTimer(() => go._resume(), ms);
    go.mem.setInt32(sp + 16, id, true);
  };
  gojs['runtime.clearTimeoutEvent'] = (sp) => {
    gate.clearTimer(go.mem.getInt32((sp >>> 0) + 8, true));
  };
}
