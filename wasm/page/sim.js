// Runs scenarios in Web Workers. One is started when the run before has been shown, so that an edit
// does not wait for a start.

import { program, single, text } from './assets.js';

// How long a run may show no sign of life. The simulator has limits of its own; this is for what
// they cannot see, like a program that spins.
const PATIENCE = 15000;

const ASIDE = Math.min(4, Math.max(1, (navigator.hardwareConcurrency || 2) - 1));

export class Simulation {
  // load compiles the program; run may be called before it is done.
  constructor(onBytes) {
    this.spare = null;
    this.current = null;
    this.beside = 0;
    this.loaded = this.load(onBytes);
    this.loaded.catch(() => {});
  }

  async load(onBytes) {
    this.exec = new URL('wasm_exec.js', document.baseURI).href;
    this.script = 'worker.js';
    if (single) {
      const both = [await text('wasm_exec.js'), await text('worker.js')];
      const blob = new Blob([both.join('\n')], { type: 'text/javascript' });
      this.script = URL.createObjectURL(blob);
      this.exec = '';
    }
    this.module = await program('simulation.wasm', onBytes);
  }

  // prepare starts the next run's worker, unless there is one, and waits until it is ready.
  async prepare() {
    await this.loaded;
    this.spare ||= this.warm();
    await this.spare.ready;
  }

  // warm starts a worker and returns it with the promise that it is ready.
  warm() {
    const worker = new Worker(this.script);
    const ready = new Promise((resolve, reject) => {
      worker.onmessage = ({ data }) => (data.ready ? resolve() : reject(new Error(data.error)));
      worker.onerror = (e) => reject(new Error(e.message || 'worker'));
    });
    ready.catch(() => {});
    worker.postMessage({ module: this.module, exec: this.exec });
    return { worker, ready };
  }

  // run runs a scenario and ends the run before it, whose promise never settles: nobody wants it.
  async run(source, name, onProgress) {
    await this.loaded;
    this.cancel();
    const mine = this.spare || this.warm();
    this.spare = null;
    this.current = mine;
    await mine.ready;
    if (this.current !== mine) return new Promise(() => {});
    try {
      return await this.work(mine, { text: source, name, file: '' }, onProgress);
    } finally {
      mine.worker.terminate();
      if (this.current === mine) this.current = null;
    }
  }

  // aside runs a scenario beside others, as many at a time as the machine has processors to spare.
  // With a kind of file, that file comes instead of the trace.
  async aside(source, name, file = '') {
    await this.loaded;
    while (this.beside >= ASIDE) await this.oneLess;
    this.beside++;
    let less;
    this.oneLess = new Promise((resolve) => { less = resolve; });
    const mine = this.warm();
    try {
      await mine.ready;
      return await this.work(mine, { text: source, name, file }, () => {});
    } finally {
      mine.worker.terminate();
      this.beside--;
      less();
    }
  }

  work(mine, job, onProgress) {
    return new Promise((resolve, reject) => {
      let dog;
      const alive = () => {
        clearTimeout(dog);
        dog = setTimeout(() => reject(new Error('no sign of life')), PATIENCE);
      };
      mine.worker.onmessage = ({ data }) => {
        alive();
        if (data.progress !== undefined) onProgress(data.progress, data.of);
        if (data.done) { clearTimeout(dog); resolve(data); }
        if (data.error !== undefined) { clearTimeout(dog); reject(new Error(data.error)); }
      };
      mine.worker.onerror = (e) => { clearTimeout(dog); reject(new Error(e.message)); };
      mine.worker.postMessage(job);
      alive();
    });
  }

  cancel() {
    if (this.current) this.current.worker.terminate();
    this.current = null;
  }
}
