// The bridge to the picture's Go program: questions and answers as JSON, and a canvas. Where WebGL2
// is missing (or ?stage=svg asks for it) the same program paints each frame as SVG instead.

import { program } from './assets.js';
import { Meter, turn } from './frames.js';
import { Gate, start } from './gopage.js';

const PIECE = 4; // ms of work between which frames and clicks get their turn

function hasWebGL2() {
  if (new URLSearchParams(location.search).get('stage') === 'svg') return false;
  return Boolean(document.createElement('canvas').getContext('webgl2'));
}

export class Picture {
  constructor(host) {
    this.host = host;
    this.gate = new Gate();
    this.webgl = hasWebGL2();
    this.moved = () => {};
    this.meter = new Meter(); // what the browser tests read
    this.started = false;
    this.zoom = 1;
  }

  async load(onBytes) {
    const module = await program('picture.wasm', onBytes);
    await new Promise((resolve, reject) => {
      const extra = {
        halfopenHost: {
          webgl: this.webgl,
          ready: (api) => { this.api = api; resolve(); },
          moved: (at, playing) => { this.meter.play(playing); this.moved(at, playing); },
          sleep: () => this.gate.sleep(),
          failed: reject,
        },
      };
      const lost = () => this.withoutWebGL();
      this.resized = start(module, this.host, this.gate, { lost, ended: reject, extra });
    });
    this.started = true;
    // In the next frame: what follows from a new size may change sizes again.
    new ResizeObserver(() => requestAnimationFrame(() => this.resize())).observe(this.host);
    new IntersectionObserver(([e]) => {
      this.visible = e.isIntersecting;
      if (!this.visible) this.call('press', 'pause');
    }).observe(this.host);
    document.addEventListener('visibilitychange', () => {
      if (document.hidden) this.call('press', 'pause');
    });
    matchMedia(`(resolution: ${devicePixelRatio}dppx)`).addEventListener('change',
      () => this.resize());
    this.resize();
  }

  // withoutWebGL goes on in SVG when the graphics card takes its context away.
  withoutWebGL() {
    this.webgl = false;
    this.gate.sleep();
    this.wake();
  }

  resize() {
    this.resized?.();
    this.wake();
    this.onresize?.();
  }

  // call asks the program. Whatever was asked may have changed the picture, so frames run again.
  call(name, arg = null) {
    const out = JSON.parse(this.api.call(name, JSON.stringify(arg)));
    this.wake();
    if (out && out.error) throw new Error(out.error);
    return out;
  }

  // show takes a trace, as bytes; variant names one that a lesson only counts in. The run before is
  // shown until this one is ready. Null: it was out of date by then.
  async show(bytes, variant = '') {
    const more = this.api.load(bytes, variant);
    let text;
    while ((text = more(PIECE)) === undefined) await turn();
    const out = JSON.parse(text);
    this.wake();
    if (out && out.error) throw new Error(out.error);
    return out;
  }

  bytes(name, arg = null) {
    const out = this.api.bytes(name, JSON.stringify(arg));
    if (typeof out === 'string') throw new Error(out);
    return out;
  }

  // png takes the next frame. The browser packs it: the program has no need of an encoder.
  png() {
    return new Promise((resolve) => {
      this.api.snapshot((pixels, width, height) => {
        const canvas = Object.assign(document.createElement('canvas'), { width, height });
        const image = new ImageData(new Uint8ClampedArray(pixels.buffer), width, height);
        canvas.getContext('2d').putImageData(image, 0, 0);
        canvas.toBlob(resolve, 'image/png');
      });
      this.wake();
    });
  }

  wake() {
    if (!this.api) return;
    if (this.webgl) {
      this.gate.wake();
    } else if (!this.painting) {
      this.painting = true;
      this.before = performance.now();
      requestAnimationFrame((now) => this.paint(now));
    }
  }

  // paint is a frame without WebGL.
  paint(now) {
    const playing = JSON.parse(this.api.call('advance', String(now - this.before)));
    this.before = now;
    const size = { W: this.host.clientWidth / this.zoom, H: this.host.clientHeight / this.zoom };
    const svg = JSON.parse(this.api.call('frame', JSON.stringify(size)));
    if (svg !== this.svg) {
      this.svg = svg;
      const doc = new DOMParser().parseFromString(svg, 'image/svg+xml');
      this.host.replaceChildren(document.importNode(doc.documentElement, true));
    }
    this.painting = playing;
    if (playing) requestAnimationFrame((later) => this.paint(later));
  }
}
