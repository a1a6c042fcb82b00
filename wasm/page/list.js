// The table of events: for a screen reader the primary content of the page, for everybody else the
// same facts as the picture. Rows come in pages; only what has been scrolled to is made.

import { clock, t } from './words.js';

const $ = (id) => document.getElementById(id);
const PAGE = 50; // more than a screen: the rest comes when somebody scrolls

export class List {
  constructor(app) {
    this.app = app;
    this.from = 0;
    $('find').addEventListener('input', () => this.reset());
    $('list-all').addEventListener('change', () => this.reset());
    $('rows').addEventListener('scroll', () => this.more());
    $('rows').addEventListener('click', (e) => {
      const id = Number(e.target.closest('tr')?.dataset.event);
      if (id && e.target.closest('button')) this.app.select(id);
    });
  }

  get open() { return !$('list').hidden; }

  reset() {
    if (!this.open) return;
    this.from = 0;
    const table = document.createElement('table');
    const head = ['time', 'where', 'what', 'why'].map((k) => {
      const th = document.createElement('th');
      th.scope = 'col';
      th.textContent = t(`page.column.${k}`);
      return th;
    });
    this.caption = table.createCaption();
    table.createTHead().insertRow().append(...head);
    this.body = table.createTBody();
    $('rows').replaceChildren(table);
    this.done = false;
    this.more();
    this.mark();
  }

  more() {
    const box = $('rows');
    while (!this.done && box.scrollTop + box.clientHeight > box.scrollHeight - 600) this.page();
  }

  page() {
    const { rows, total, next } = this.app.pic.call('rows', { From: this.from, Count: PAGE,
      Find: $('find').value, All: $('list-all').checked });
    this.caption.textContent = t('page.caption', total);
    for (const r of rows) this.body.append(this.row(r));
    this.done = !next;
    this.from = next;
  }

  row(r) {
    const tr = document.createElement('tr');
    tr.dataset.event = r.id;
    const time = tr.insertCell();
    time.className = 'time';
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = clock(r.at);
    time.append(button);
    for (const text of [r.where, r.what, r.why]) tr.insertCell().textContent = text;
    return tr;
  }

  mark() {
    if (!this.open || !this.body) return;
    const id = String(this.app.state.selected || '');
    for (const tr of this.body.rows) {
      if (tr.dataset.event === id) tr.setAttribute('aria-current', 'true');
      else tr.removeAttribute('aria-current');
    }
  }
}
