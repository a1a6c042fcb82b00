// Everything that opens over the page: settings, the scenario's text, share and export, faults,
// help, and on phones the menu that leads to them.

import { el } from './dom.js';
import { all as glossary } from './glossary.js';
import { t } from './words.js';

const $ = (id) => document.getElementById(id);

function button(key, onclick, className = '') {
  return el('button', { type: 'button', textContent: t(key), onclick, className });
}

// save offers bytes as a file.
function save(bytes, name, type) {
  const url = URL.createObjectURL(new Blob([bytes], { type }));
  el('a', { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10000);
}

// What people change most, in this order, each with a word about what it does.
const HINTS = ['keepalive', 'ping-timeout', 'session', 'resubscribe', 'tcp-keepalive',
  'connect-timeout', 'max-reconnect-interval', 'latency', 'loss', 'timeout', 'unacked'];

export class Dialogs {
  constructor(app) {
    this.app = app;
    this.pic = app.pic;
    this.box = $('dialog');
    $('dialog-close').onclick = () => this.box.close();
    const opens = { settings: 'settings', source: 'source', share: 'share', help: 'help',
      menu: 'menu', faults: 'faults' };
    for (const [id, name] of Object.entries(opens)) $(`open-${id}`).onclick = () => this.open(name);
  }

  open(name) {
    if (!this.pic.api) return;
    this.pic.call('press', 'pause');
    this.app.refresh();
    $('dialog-title').textContent = t(`page.${name}`);
    $('dialog-body').replaceChildren(...this[name]());
    if (!this.box.open) this.box.showModal();
    $('dialog-title').focus();
  }

  close() { this.box.close(); }

  // settings: a form made of the scenario's own table of settings.
  settings() {
    const groups = this.pic.call('settings').map((g) => {
      const fields = g.keys.map((k) => [k, this.setting(g, k)]);
      const first = fields.filter(([k]) => HINTS.includes(k.key));
      const rest = fields.filter(([k]) => !HINTS.includes(k.key));
      first.sort(([a], [b]) => HINTS.indexOf(a.key) - HINTS.indexOf(b.key));
      const more = el('details', {}, el('summary', { textContent: t('page.more-settings') }),
        el('div', { className: 'fields' }, ...rest.map(([, f]) => f)));
      return el('fieldset', {}, el('legend', { textContent: `${g.verb} ${g.subject}` }),
        el('div', { className: 'fields' }, ...first.map(([, f]) => f)), more);
    });
    return [el('p', { className: 'quiet', textContent: t('page.settings-note') }), ...groups];
  }

  setting(group, k) {
    const problem = el('span', { className: 'problem' });
    const field = k.choices
      ? el('select', {}, ...k.choices.map((c) => new Option(c || t('page.default', k.fallback), c)))
      : el('input', { type: 'text', placeholder: k.fallback, autocomplete: 'off' });
    field.value = k.value;
    field.onchange = () => {
      try {
        this.pic.call('set', { Verb: group.verb, Subject: group.subject, Key: k.key,
          Value: field.value.trim() });
        problem.textContent = '';
        this.app.edited();
      } catch (e) {
        problem.textContent = e.message;
      }
      field.setAttribute('aria-invalid', String(Boolean(problem.textContent)));
    };
    const label = el('label', {}, el('span', { textContent: k.key }));
    if (HINTS.includes(k.key)) {
      label.append(el('span', { className: 'quiet', textContent: t(`page.hint.${k.key}`) }));
    } else if (k.help) label.title = k.help;
    label.append(field, problem);
    return label;
  }

  // source: the scenario as text, checked while it is written.
  source() {
    const area = el('textarea', { value: this.pic.call('source'), spellcheck: false });
    area.setAttribute('aria-label', t('page.source'));
    const problem = el('p', { className: 'problem', id: 'source-problem' });
    problem.setAttribute('role', 'status');
    area.setAttribute('aria-describedby', 'source-problem');
    let timer;
    const check = () => {
      const found = this.pic.call('check', area.value);
      problem.textContent = found.map((p) => p.text).join('\n');
      area.setAttribute('aria-invalid', String(found.length > 0));
      return found;
    };
    area.oninput = () => { clearTimeout(timer); timer = setTimeout(check, 300); };
    const run = button('page.run', () => {
      const found = check();
      if (found.length) {
        const lines = area.value.split('\n');
        const at = lines.slice(0, found[0].line - 1).join('\n').length + (found[0].line > 1);
        area.focus();
        area.setSelectionRange(at, at + (lines[found[0].line - 1] || '').length);
        return;
      }
      this.close();
      this.app.open(area.value, t('page.own'));
    }, 'go');
    return [area, problem, el('div', { className: 'actions' }, run, button('page.save-scenario',
      () => save(area.value, 'scenario.txt', 'text/plain')))];
  }

  // share: the link, and every form in which a run leaves the page.
  share() {
    const url = this.app.shareURL();
    const link = el('input', { type: 'text', readOnly: true, value: url, id: 'share-link' });
    link.setAttribute('aria-label', t('page.link'));
    link.onfocus = () => link.select();
    const copied = el('span', { className: 'quiet' });
    copied.setAttribute('role', 'status');
    const copy = button('page.copy', async () => {
      link.select();
      try {
        await navigator.clipboard.writeText(url);
        copied.textContent = t('page.copied');
      } catch { copied.textContent = t('page.copy-by-hand'); }
    }, 'go');
    const file = (key, what, name, type) =>
      button(key, async () => save(await this.app.file(what), name, type));
    return [link, el('div', { className: 'actions' }, copy, copied),
      el('h3', { textContent: t('page.export') }),
      el('div', { className: 'actions' },
        file('page.export.pcapng', 'pcapng', 'halfopen.pcapng', 'application/octet-stream'),
        file('page.export.svg', 'svg', 'halfopen.svg', 'image/svg+xml'),
        button('page.export.png', () => this.png()),
        file('page.export.scenario', 'scenario', 'scenario.txt', 'text/plain'),
        file('page.export.transcript', 'transcript', 'transcript.txt', 'text/plain'),
        file('page.export.json', 'json', 'trace.json', 'application/json'))];
  }

  async png() {
    if (!this.pic.webgl) return;
    this.close();
    save(await this.pic.png(), 'halfopen.png', 'image/png');
  }

  faults() {
    const [a, b] = this.app.state.link || ['', ''];
    const known = this.pic.call('tools');
    const group = (key, names) => {
      const buttons = names.filter((name) => known.includes(name)).map((name) => {
        const x = el('button', { type: 'button', textContent: t(`page.tool.${name}`, a, b) });
        x.onclick = () => { this.close(); this.app.tool(name); };
        return x;
      });
      return el('section', {}, el('h3', { textContent: t(key) }),
        el('div', { className: 'actions' }, ...buttons));
    };
    return [group('page.tools.three', ['cut', 'kill-broker', 'reset']),
      group('page.tools.link', ['cut-out', 'cut-back', 'delay', 'loss', 'heal', 'forget']),
      group('page.tools.client', ['kill', 'freeze', 'power-off']),
      el('p', { className: 'quiet', textContent: t('page.faults-note') })];
  }

  help() {
    const keys = ['space', 'step', 'decision', 'ends', 'arrows', 'speed', 'c', 'z', 'f', 'l', 't',
      'find', 'b', 'esc'];
    const list = el('dl', { className: 'keys' });
    for (const k of keys) {
      const [key, ...rest] = t(`page.key.${k}`).split(' = ');
      list.append(el('dt', {}, el('kbd', { textContent: key })),
        el('dd', { textContent: rest.join(' = ') }));
    }
    const box = el('input', { type: 'checkbox', checked: this.app.player.letters });
    box.onchange = () => this.app.player.setLetters(box.checked);
    return [list,
      el('label', { className: 'check' }, box, el('span', { textContent: t('page.letters') })),
      el('h3', { textContent: t('page.limits') }), el('p', { textContent: t('page.limits-text') }),
      glossary(),
      el('h3', { textContent: t('page.about') }), el('p', { textContent: this.app.about() })];
  }

  language() {
    const { textContent, lang } = $('lang');
    const b = el('button', { type: 'button', textContent, lang });
    b.onclick = () => { this.close(); this.app.switchLanguage(); };
    return b;
  }

  menu() {
    const go = (name) => button(`page.${name}`, () => this.open(name));
    return [el('div', { className: 'actions' }, go('settings'), go('source'), go('share'),
      go('faults'), go('help'), this.language(), button('page.undo', () => {
        this.close();
        this.app.player.press('undo');
      }))];
  }
}
