// The story: one sentence at a time, a question before each answer, and why things happened. All
// numbers in it come from the run: the picture's program fills them in.

import { clock, t } from './words.js';

const $ = (id) => document.getElementById(id);

function el(tag, attrs = {}, ...children) {
  const e = Object.assign(document.createElement(tag), attrs);
  e.append(...children);
  return e;
}

export class Story {
  constructor(app) {
    this.app = app;
    this.progress = JSON.parse(localStorage.getItem('lessons') || '{}');
    $('why-chain').addEventListener('click', (e) => {
      const id = Number(e.target.dataset.event);
      if (id) this.app.select(id);
    });
  }

  // tell shows a lesson, or where it was left.
  async tell(number) {
    this.number = number;
    this.guess = '';
    this.step = this.progress[number] ?? 0;
    await this.show();
  }

  // show draws the story as it stands. Some lessons compare several runs: those that are not here
  // yet are run first.
  async show() {
    if (!this.number) {
      $('story-title').textContent = t('page.own');
      $('story-text').textContent = this.app.name || t('page.own-text');
      $('question').hidden = true;
      $('reveal').hidden = true;
      this.hide(0);
      return;
    }
    const number = this.number;
    let scene = this.scene();
    $('story-title').textContent = scene.title;
    if (scene.needs) $('story-text').textContent = t('page.running');
    for (const v of scene.needs || []) {
      await this.app.runVariant(v);
      if (this.number !== number) return; // the reader has gone on
    }
    if (scene.needs) scene = this.scene();
    this.lesson = scene;
    $('story-text').textContent = scene.text;
    this.ask(scene);
    this.answer(scene);
    this.app.list.reset();
    this.app.refresh();
  }

  scene() {
    return this.app.pic.call('scene', { Step: this.step, Guess: this.guess });
  }

  // hide keeps what a question asks out of every view.
  hide(after) { this.app.pic.call('view', { HideAfter: after, Prediction: 0 }); }

  remember(step) {
    this.step = step;
    this.progress[this.number] = step;
    try {
      localStorage.setItem('lessons', JSON.stringify(this.progress));
    } catch { /* private windows may refuse: then a lesson is not resumed */ }
  }

  // ask shows the open question; until it is answered, no view shows what comes after.
  ask(scene) {
    const form = $('question');
    const q = scene.question;
    form.hidden = !q;
    this.hide(scene.hide);
    if (!q) return;
    const body = q.choices ? this.choices(q) : this.marker(q);
    const go = el('button', { type: 'submit', className: 'go', textContent: t('page.answer') });
    const skip = el('button', { type: 'button', textContent: t('page.skip') });
    skip.onclick = () => this.reveal('');
    form.replaceChildren(body, el('div', { className: 'actions' }, go, skip));
    form.onsubmit = (e) => {
      e.preventDefault();
      const data = new FormData(form);
      const answer = data.get('answer');
      if (answer !== null && answer !== '') this.reveal(answer);
    };
  }

  choices(q) {
    const set = el('fieldset', {}, el('legend', { textContent: q.ask }));
    q.choices.forEach((text, i) => {
      const input = el('input', { type: 'radio', name: 'answer', value: String(i) });
      set.append(el('label', { className: 'check' }, input, el('span', { textContent: text })));
    });
    return set;
  }

  marker(q) {
    const out = el('output', { textContent: clock(q.from) });
    const input = el('input', { type: 'range', name: 'answer', min: q.from, max: q.to,
      step: q.step, value: q.from, id: 'guess' });
    input.oninput = () => {
      out.textContent = clock(Number(input.value));
      input.setAttribute('aria-valuetext', out.textContent);
      this.app.pic.call('view', { Prediction: Number(input.value) });
    };
    return el('div', {}, el('label', { className: 'ask', htmlFor: 'guess', textContent: q.ask }),
      input, out);
  }

  // reveal answers the question and goes on; an empty guess is a skipped question.
  async reveal(guess) {
    this.guess = guess;
    this.remember(this.step + 1);
    await this.show();
    if (guess !== '' && !this.lesson.choice) {
      this.app.pic.call('view', { Prediction: Number(guess) });
    }
    this.app.say($('reveal').textContent);
    $('reveal').querySelector('button')?.focus();
  }

  answer(lesson) {
    const box = $('reveal');
    box.hidden = !lesson.reveal;
    if (box.hidden) return;
    const parts = [];
    if (lesson.verdict) {
      parts.push(el('p', { className: 'verdict', textContent: lesson.verdict }));
    }
    for (const p of lesson.reveal) parts.push(el('p', { textContent: p }));
    const buttons = el('div', { className: 'actions' });
    if (lesson.event) {
      const show = el('button', { type: 'button', textContent: t('page.show-me') });
      show.onclick = () => this.app.select(lesson.event);
      buttons.append(show);
    }
    const last = lesson.last;
    const next = el('button', { type: 'button', className: 'go',
      textContent: t(last ? 'page.next-lesson' : 'page.next-question') });
    next.onclick = () => (last ? this.app.lesson(this.number % 8 + 1) : this.onward());
    const again = el('button', { type: 'button', textContent: t('page.again') });
    again.onclick = () => { this.remember(0); this.guess = ''; this.app.lesson(this.number); };
    buttons.append(next, again);
    box.replaceChildren(...parts, buttons);
  }

  async onward() {
    this.guess = '';
    this.remember(this.step + 1);
    await this.show();
    $('question').querySelector('input')?.focus();
  }

  // why explains the selected event.
  why(id) {
    $('why').hidden = !id;
    if (!id) return;
    const e = this.app.pic.call('explain', id);
    $('why-sentence').textContent = e.sentence;
    $('why-chain').replaceChildren(...e.chain.map((c) => {
      const b = el('button', { type: 'button', textContent: `${clock(c.at)}  ${c.text}` });
      b.dataset.event = c.id;
      return el('li', {}, b);
    }));
    $('why-source').textContent = e.source;
    this.app.say(e.sentence);
  }
}
