// The story: one thing at a time. A question, the learner's guess, the run played up to the answer,
// then what happened and why. All numbers come from the run: the picture's program fills them in.

import { el } from './dom.js';
import { clock, t } from './words.js';

const $ = (id) => document.getElementById(id);

export class Story {
  constructor(app) {
    this.app = app;
    this.scene = {};
    this.coming = null; // the scene that is shown when the run has been watched up to it
    this.progress = JSON.parse(localStorage.getItem('lessons') || '{}');
  }

  // tell shows a lesson, or where it was left.
  async tell(number) {
    this.number = number;
    this.guess = '';
    this.coming = null;
    this.paused = false;
    this.step = this.progress[number] ?? 0;
    await this.show();
    if (this.number !== number || !this.scene.title) return;
    if (this.scene.act && this.scene.watch) this.onward(); // it was left while the run was watched
    this.app.seek(this.scene.watch || this.scene.open);
  }

  // show draws the story as it stands. Some lessons compare several runs: those that are not here
  // yet are run first.
  async show() {
    if (!this.number) { this.own(); return; }
    const number = this.number;
    let scene = this.ask();
    $('story-title').textContent = scene.title;
    if (scene.needs) $('story-text').textContent = t('page.running');
    if (scene.needs) {
      await this.app.runVariants(scene.needs);
      if (this.number !== number) return; // the reader has gone on
      scene = this.ask();
    }
    if (this.coming) this.watching(scene);
    else this.put(scene);
  }

  // own is the story of a scenario that is no lesson.
  own() {
    $('story-title').textContent = t('page.own');
    $('story-text').textContent = this.app.name || t('page.own-text');
    $('question').hidden = true;
    $('reveal').hidden = true;
    $('limits-lesson').textContent = '';
    this.scene = {};
    this.hide(0);
  }

  ask() { return this.app.pic.call('scene', { Step: this.step, Guess: this.guess }); }

  // hide keeps what a question asks out of every view; where no question is shown, nothing is hidden.
  hide(after) {
    this.app.pic.call('view', { HideAfter: this.app.least ? 0 : after, Prediction: 0 });
  }

  // pause lets the reader play with a run that is no longer the lesson's, until it is that again.
  pause(on) {
    if (!this.number || this.paused === on) return;
    this.paused = on;
    if (this.coming) this.remember(this.step - 1); // its question is asked again
    this.coming = null;
    if (this.scene.title) this.put(this.scene);
  }

  // nudge says what is to be done first when somebody plays into an open question.
  nudge() {
    const { hide, question, act, watch } = this.scene;
    if (this.paused || this.coming || watch || !(question || act)) return;
    if (!hide || this.app.state.at < hide - 1e-6) return;
    this.app.say(t('page.first-answer'));
    $('question').classList.remove('nudge');
    void $('question').offsetWidth; // so that the animation begins again
    $('question').classList.add('nudge');
    $('question').scrollIntoView({ block: 'nearest' });
  }

  // put shows a scene.
  put(scene) {
    this.scene = scene;
    $('story-text').textContent = scene.text;
    $('limits-lesson').textContent = scene.limits;
    this.hide(this.paused ? 0 : scene.hide);
    this.question(scene);
    this.answer(scene);
    if (scene.last && scene.reveal && !this.done(this.number)) {
      this.progress[`done-${this.number}`] = 1;
      this.keep();
      this.app.listLessons();
    }
    if (this.marked && scene.watch) this.app.pic.call('view', { Prediction: this.marked });
    this.app.gloss($('story-text'), $('question'), $('reveal'));
    this.app.list.reset();
    this.app.refresh();
  }

  remember(step) {
    this.step = step;
    this.progress[this.number] = step;
    this.keep();
  }

  keep() {
    try {
      localStorage.setItem('lessons', JSON.stringify(this.progress));
    } catch { /* private windows may refuse: then a lesson is not resumed */ }
  }

  // question shows what is asked, or what is to be done; until then no view shows what comes after.
  question(scene) {
    const form = $('question');
    const q = scene.question;
    const act = scene.act && !scene.watch;
    form.hidden = this.paused || (!q && !act);
    $('cut').classList.toggle('wanted', Boolean(act) && !this.paused);
    if (form.hidden) return;
    const skip = el('button', { type: 'button', textContent: t('page.skip') });
    skip.onclick = () => this.reveal('', true);
    if (act) {
      const go = el('button', { type: 'submit', className: 'go',
        textContent: t(`page.act.${scene.act}`) });
      form.replaceChildren(el('div', { className: 'actions' }, go));
      form.onsubmit = (e) => { e.preventDefault(); this.act(scene.act); };
      return;
    }
    const go = el('button', { type: 'submit', className: 'go', textContent: t('page.answer') });
    form.replaceChildren(q.choices ? this.choices(q) : this.marker(q),
      el('div', { className: 'actions' }, go, skip));
    form.onsubmit = (e) => {
      e.preventDefault();
      const answer = new FormData(form).get('answer');
      if (answer !== null && answer !== '') this.reveal(answer);
    };
  }

  choices(q) {
    const set = el('fieldset', {}, el('legend', { textContent: q.ask }));
    q.choices.forEach((text, i) => {
      const input = el('input', { type: 'radio', name: 'answer', value: String(i),
        required: true });
      set.append(el('label', { className: 'check' }, input, el('span', { textContent: text })));
    });
    return set;
  }

  marker(q) {
    const out = el('output', { className: 'guess', htmlFor: 'guess' });
    const input = el('input', { type: 'range', name: 'answer', min: q.from, max: q.to,
      step: q.step, value: q.from, id: 'guess' });
    const put = () => {
      out.textContent = clock(Number(input.value)).replace(/\.000$/, '');
      input.setAttribute('aria-valuetext', out.textContent);
      this.app.pic.call('view', { Prediction: Number(input.value) });
    };
    input.oninput = put;
    put();
    return el('div', {}, el('label', { className: 'ask', htmlFor: 'guess', textContent: q.ask }),
      input, out);
  }

  // mark puts the marker of an open question to an instant of the picture, and reports whether it
  // could.
  mark(at) {
    const input = $('guess');
    if (!input || !this.scene.question || at <= this.scene.hide) return false;
    input.value = String(Math.round(at));
    input.oninput();
    return true;
  }

  // act is what the learner has done, on the page or in the picture; true if the story asked for it.
  // The run has it already.
  act(name) {
    if (this.scene.act !== name || this.scene.watch || this.coming || this.paused) return false;
    this.app.seek(this.scene.hide);
    this.reveal('');
    return true;
  }

  // reveal takes the answer, empty if the question was skipped, and plays the run up to the truth.
  reveal(guess, skip = false) {
    this.guess = guess;
    this.marked = guess !== '' && this.scene.question && !this.scene.question.choices
      ? Number(guess) : 0;
    const before = this.scene;
    this.remember(this.step + 1);
    const scene = this.ask();
    $('cut').classList.remove('wanted');
    if (skip || scene.watch <= this.app.state.at) { this.arrive(scene); return; }
    this.coming = scene;
    this.app.seek(Math.max(this.app.state.at, before.hide));
    this.app.pic.call('watch', scene.watch);
    if (this.marked) this.app.pic.call('view', { Prediction: this.marked });
    this.app.refresh();
    this.watching(scene);
    $('question').querySelector('button')?.focus();
  }

  // watching says what is to be seen while the run is played.
  watching(scene) {
    this.coming = scene;
    const form = $('question');
    form.hidden = false;
    $('reveal').hidden = true;
    $('story-text').textContent = scene.act ? t(`page.acted.${scene.act}`) : scene.text;
    const now = el('button', { type: 'submit',
      textContent: t(scene.act ? 'page.onward' : 'page.skip') });
    form.replaceChildren(el('p', { textContent: t('page.watch') }),
      el('div', { className: 'actions' }, now));
    form.onsubmit = (e) => { e.preventDefault(); this.arrive(scene); };
  }

  // moved hears where the playhead stands when it has stopped.
  moved(at) {
    if (this.coming && at >= this.coming.watch - 1e-6) this.arrive(this.coming);
  }

  // arrive shows what the run has come to.
  arrive(scene) {
    this.coming = null;
    this.app.pic.call('press', 'pause');
    if (scene.act) { this.hide(0); this.app.seek(scene.watch); this.onward(); return; }
    this.put(scene);
    this.app.seek(scene.watch);
    this.app.say($('reveal').textContent);
    $('reveal').querySelector('.go')?.focus({ preventScroll: true });
    $('reveal').scrollIntoView({ block: 'nearest' });
  }

  answer(scene) {
    const box = $('reveal');
    box.hidden = this.paused || !scene.reveal;
    if (box.hidden) return;
    const parts = [];
    if (scene.verdict) parts.push(el('p', { className: 'verdict', textContent: scene.verdict }));
    for (const p of scene.reveal) parts.push(el('p', { textContent: p }));
    if (scene.table) parts.push(this.table(scene.table));
    const buttons = el('div', { className: 'actions' });
    buttons.append(this.next(scene));
    if (scene.event) {
      const show = el('button', { type: 'button', textContent: t('page.show-me') });
      show.onclick = () => this.app.select(scene.event);
      buttons.append(show);
    }
    const again = el('button', { type: 'button', textContent: t('page.again') });
    again.onclick = () => { this.remember(0); this.app.lesson(this.number); };
    buttons.append(again);
    box.replaceChildren(...parts, buttons);
  }

  // next is the button that goes on: to the next question, the next lesson, or, from the last one,
  // to a scenario of one's own.
  next(scene) {
    const lessons = this.app.lessons.length;
    let [key, go] = ['page.next-question', () => this.onward()];
    if (scene.last && this.number < lessons) {
      [key, go] = ['page.next-lesson', () => this.app.lesson(this.number + 1)];
    } else if (scene.last) {
      [key, go] = ['page.your-own', () => this.app.dialogs.open('source')];
    }
    const b = el('button', { type: 'button', className: 'go', textContent: t(key) });
    b.onclick = go;
    return b;
  }

  // done reports whether a lesson has been taken to its end.
  done(number) { return Boolean(this.progress[`done-${number}`]); }

  table(rows) {
    const table = el('table', { className: 'facts' });
    const head = table.createTHead().insertRow();
    for (const c of rows[0]) head.append(el('th', { scope: 'col', textContent: c }));
    const body = table.createTBody();
    for (const row of rows.slice(1)) {
      const tr = body.insertRow();
      tr.append(el('th', { scope: 'row', textContent: row[0] }));
      for (const c of row.slice(1)) tr.insertCell().textContent = c;
    }
    return table;
  }

  // onward goes from an answer to the next question.
  onward() {
    this.guess = '';
    this.marked = 0;
    this.remember(this.step + 1);
    this.put(this.ask());
    $('question').querySelector('input, button')?.focus({ preventScroll: true });
    $('story').scrollTop = 0;
  }
}
