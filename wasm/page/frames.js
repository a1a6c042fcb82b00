// Frames: how regularly they come, and how to leave room for them.
//
// A frame is dropped when none comes where one was due. When they are due is not for the display
// alone to say: a machine that paints in software may need five of its periods for a frame. So a
// gap during an edit is compared with the gaps of plain play before it.

const RECENT = 1024; // gaps that are remembered: 17 s at 60 a second
const PLAIN = 32; // gaps of plain play from which the period is taken
const FEW = 8; // from fewer of them it is not: then the display's holds

// dropped is how many frames were due in a gap and did not come.
export function dropped(gap, period) { return Math.max(0, Math.round(gap / period) - 1); }

// Ring keeps the last numbers of a row.
class Ring {
  constructor(size) { [this.kept, this.count] = [new Float64Array(size), 0]; }

  add(x) { this.kept[this.count++ % this.kept.length] = x; }

  // sorted are those from a count on, up to another one.
  sorted(from, to) {
    const out = [];
    for (let i = Math.max(from, this.count - this.kept.length, 0); i < to; i++) {
      out.push(this.kept[i % this.kept.length]);
    }
    return out.sort((a, b) => a - b);
  }
}

const quantile = (sorted, q) => sorted[Math.floor(sorted.length * q)] || 0;

// Meter counts frames while the picture plays, and during edits: what the browser tests read. Times
// are in ms.
export class Meter {
  constructor() {
    this.recent = new Ring(RECENT);
    this.plain = new Ring(PLAIN);
    this.display = 1000 / 60; // the shortest gap so far
    this.playing = false;
    this.edit = null; // under way: where it began, and the period of play before it
  }

  // count is how many gaps there have been: the place of an instant among them.
  get count() { return this.recent.count; }

  // play says whether frames are due.
  play(on) {
    this.playing = on;
    this.run();
  }

  // begin and end enclose an edit: from the click until its future is on the screen and all is quiet
  // again. The page answers then as well as it plays, so frames are due even if the picture stands.
  begin() {
    this.edit = { from: this.count, period: this.period() };
    this.run();
  }

  end() {
    const { from, period } = this.edit;
    this.edit = null;
    return this.tell(from, this.count, period);
  }

  run() {
    if (this.running || !(this.playing || this.edit)) return;
    this.running = true;
    let last = 0;
    // The time that a frame's callback is given is when the frame was due, not when it came.
    const tick = () => {
      const now = performance.now();
      if (last) this.add(now - last);
      last = now;
      this.running = Boolean(this.playing || this.edit);
      if (this.running) requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  }

  add(gap) {
    this.recent.add(gap);
    if (!this.edit) this.plain.add(gap);
    if (gap > 0) this.display = Math.min(this.display, gap);
  }

  // period is how long a frame takes in plain play, as measured last.
  period() {
    const gaps = this.plain.sorted(0, this.plain.count);
    return gaps.length < FEW ? this.display : quantile(gaps, 0.5);
  }

  // tell describes the gaps from a count on, up to another one, by a period.
  tell(from, to = this.count, period = this.period()) {
    const gaps = this.recent.sorted(from, to);
    const worst = gaps.at(-1) ?? 0;
    return { frames: gaps.length, period, median: quantile(gaps, 0.5),
      p95: quantile(gaps, 0.95), worst, dropped: dropped(worst, period) };
  }
}

// frames waits until so many frames have come; where none come because nobody sees the page, for
// about as long as slow ones would take.
export function frames(n) {
  return new Promise((resolve) => {
    setTimeout(resolve, n * 300);
    const next = () => { if (n-- > 0) requestAnimationFrame(next); else resolve(); };
    next();
  });
}

// turn lets everybody else have a turn: frames, clicks. A message comes sooner than a timer.
const { port1, port2 } = new MessageChannel();
const waiting = [];
port1.onmessage = () => waiting.shift()();

export function turn() {
  return new Promise((resolve) => {
    waiting.push(resolve);
    port2.postMessage(0);
  });
}
