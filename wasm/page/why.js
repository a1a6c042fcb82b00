// Why an event happened: a sentence, the chain of its causes, the source of the rule, and, for a
// segment that arrived, what can be done to it.

import { el } from './dom.js';
import { clock, t } from './words.js';

const $ = (id) => document.getElementById(id);

export class Why {
  constructor(app) {
    this.app = app;
    $('why-chain').addEventListener('click', (e) => {
      const id = Number(e.target.dataset.event);
      if (id) app.select(id);
    });
    $('why-close').onclick = () => { app.select(0); $('player').focus(); };
  }

  // show explains an event; 0 explains nothing.
  show(id) {
    $('why').hidden = !id;
    if (!id) return;
    const e = this.app.pic.call('explain', id);
    $('why-sentence').textContent = e.sentence;
    $('why-chain').replaceChildren(...e.chain.map((c) => {
      const b = el('button', { type: 'button', textContent: `${clock(c.at)}  ${c.text}` });
      b.dataset.event = c.id;
      return el('li', {}, b);
    }));
    $('why-source').textContent = e.source && `${t('page.rule')} ${e.source}`;
    this.acts(id);
    this.app.gloss($('why-sentence'));
    this.app.say(e.sentence);
    $('why').scrollIntoView({ block: 'nearest' });
  }

  acts(id) {
    const acts = this.app.pic.call('acts', id);
    $('why-acts').hidden = !acts.length;
    $('why-acts').replaceChildren(...acts.map((a) => {
      const b = el('button', { type: 'button', textContent: a.text });
      b.onclick = () => this.app.act(a.name, id);
      return b;
    }));
  }
}
