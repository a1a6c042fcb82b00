// Transport, keyboard and pointer: everything that moves the playhead or points at the picture.

import { clock, t } from './words.js';

const $ = (id) => document.getElementById(id);
const SPEEDS = ['auto', '1s', '10s', '1min', '10min'];

export class Player {
  constructor(app) {
    this.app = app;
    this.pic = app.pic;
    this.letters = localStorage.getItem('letters') !== 'off';
    this.buttons();
    this.keyboard();
    this.pointer();
    this.scrubber();
  }

  buttons() {
    $('transport').addEventListener('click', (e) => {
      const press = e.target.closest('[data-press]')?.dataset.press;
      if (press) this.press(press);
    });
    $('cut').addEventListener('click', () => this.app.cut());
    $('speed').addEventListener('change', (e) => {
      this.pic.call('speed', Number(e.target.value));
      this.app.refresh();
    });
  }

  press(name) {
    const s = this.app.state;
    if (!s.loaded) return;
    if (name === 'start') this.pic.call('seek', 0);
    else if (name === 'end') this.pic.call('seek', s.length);
    else this.pic.call('press', name);
    if (name === 'play') this.app.story.nudge();
    this.app.refresh();
    this.app.runWish();
    if (name.startsWith('next') || name.startsWith('prev')) this.app.sayInstant();
  }

  // Letters mean something only while the player, or nothing, has the focus, and can be switched off
  // (WCAG 2.1.4). Buttons keep the keys that press them, fields keep all.
  keyboard() {
    const handle = (e) => {
      if (e.ctrlKey || e.metaKey || e.altKey || e.isComposing) return;
      const el = e.target;
      if (el.matches('select, textarea, input:not(#scrub)')) return;
      if (el.matches('button') && (e.key === ' ' || e.key === 'Enter')) return;
      if (e.key === 'Escape') { $('play').focus(); return; }
      if (/^[a-zA-Z/?]$/.test(e.key) && (!this.letters || this.app.key(e.key))) {
        if (this.letters) e.preventDefault();
        return;
      }
      if (this.pic.api && this.pic.call('key', { Key: e.key, Shift: e.shiftKey })) {
        e.preventDefault();
        this.app.refresh();
        this.app.runWish();
        if (/^[.,<>]$/.test(e.key)) this.app.sayInstant();
      }
    };
    for (const el of [$('player'), $('transport'), $('scrub')]) {
      el.addEventListener('keydown', handle);
    }
    // As long as nothing has the focus, as after loading, Space plays all the same.
    document.addEventListener('keydown', (e) => {
      const typed = e.key === ' ' || e.key.length === 1 && this.letters;
      if (e.target === document.body && typed && !document.querySelector('dialog[open]')) handle(e);
    });
  }

  setLetters(on) {
    this.letters = on;
    try {
      localStorage.setItem('letters', on ? 'on' : 'off');
    } catch { /* private windows may refuse: then the choice lasts as long as the page */ }
  }

  // Events go to the program as they come: it must not poll, or a quick tap is lost.
  pointer() {
    const el = $('player');
    const send = (kind, e) => {
      if (!this.pic.api) return {};
      const box = el.getBoundingClientRect();
      return this.pic.call('pointer', { Kind: kind, X: (e.clientX - box.left) / this.app.zoom,
        Y: (e.clientY - box.top) / this.app.zoom, Touch: e.pointerType === 'touch' });
    };
    el.addEventListener('pointerdown', (e) => {
      if (e.button !== 0) return;
      el.setPointerCapture(e.pointerId);
      const hit = send('down', e);
      this.app.pressed(hit);
    });
    el.addEventListener('pointermove', (e) => {
      const hit = send('move', e);
      this.tip(hit, e);
      if (!e.buttons) return;
      if (hit.time) this.app.story.mark(hit.time);
      this.app.refresh();
    });
    el.addEventListener('pointerup', (e) => { send('up', e); this.app.refresh(); });
    el.addEventListener('pointercancel', (e) => send('cancel', e));
    el.addEventListener('pointerleave', (e) => { send('leave', e); $('tip').hidden = true; });
    // A finger that begins on the scrubber drags the playhead, elsewhere it scrolls.
    el.addEventListener('touchstart', (e) => {
      const box = this.app.state.layout?.Scrubber;
      const y = (e.touches[0].clientY - el.getBoundingClientRect().top) / this.app.zoom;
      if (box && y >= box.Y - 4 && y <= box.Y + box.H + 4) e.preventDefault();
    }, { passive: false });
  }

  tip(hit, e) {
    const tip = $('tip');
    tip.hidden = !hit.label || hit.click;
    if (tip.hidden) return;
    tip.textContent = hit.label;
    const box = $('main').getBoundingClientRect();
    const x = Math.min(e.clientX - box.left + 14, box.width - tip.offsetWidth - 8);
    const y = Math.min(e.clientY - box.top + 18, box.height - tip.offsetHeight - 8);
    tip.style.left = `${Math.max(4, x)}px`;
    tip.style.top = `${Math.max(4, y)}px`;
  }

  // The scrubber for keyboards and screen readers is a real slider over the painted one.
  scrubber() {
    $('scrub').addEventListener('input', (e) => {
      this.pic.call('seek', Number(e.target.value));
      this.app.refresh();
    });
  }

  // show puts the state into the controls.
  show(s) {
    $('clock').textContent = clock(s.at);
    const play = $('play');
    play.classList.toggle('playing', s.playing);
    const name = t(s.playing ? 'page.pause' : 'page.play');
    play.setAttribute('aria-label', name);
    play.title = name;
    $('cut').classList.toggle('healing', s.cut);
    $('cut-text').textContent = t(s.cut ? 'page.heal' : 'page.cut');
    $('undo').disabled = !s.edits.length;
    const scrub = $('scrub');
    scrub.max = String(s.length || 1);
    scrub.value = String(s.at);
    if (!s.playing) scrub.setAttribute('aria-valuetext', this.app.instantText());
    this.speeds(s.speed);
  }

  speeds(chosen) {
    const el = $('speed');
    if (el.dataset.lang !== document.documentElement.lang) {
      el.dataset.lang = document.documentElement.lang;
      el.replaceChildren(...SPEEDS.map((name, i) => new Option(t(`page.speed.${name}`), i)));
    }
    el.value = String(chosen);
  }

  // moved is called in every frame that moves the playhead.
  moved(at, playing) {
    $('clock').textContent = clock(at);
    $('scrub').value = String(at);
    if (!playing && this.playing) this.app.story.nudge();
    this.playing = playing;
    if (!playing) this.app.refresh();
  }
}
