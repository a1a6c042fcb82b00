// The page's words. Both catalogues have the same keys: a test of the Go package says so. Keys of
// elements: data-t is the text, data-l the accessible name.

import { json } from './assets.js';

const tables = {};
export let lang = 'en';

export async function loadWords() {
  [tables.en, tables.ja] = await Promise.all([json('en.json'), json('ja.json')]);
}

// t returns the words for a key, {0} {1} ... replaced.
export function t(key, ...args) {
  const s = tables[lang][key];
  if (s === undefined) throw new Error(`no words for ${key}`);
  return args.reduce((out, a, i) => out.replaceAll(`{${i}}`, a), s);
}

export function setLang(to) {
  lang = to === 'ja' ? 'ja' : 'en';
  document.documentElement.lang = lang;
  translate(document);
}

// translate puts the words into a part of the page.
export function translate(root) {
  for (const el of root.querySelectorAll('[data-t]')) el.textContent = t(el.dataset.t);
  for (const el of root.querySelectorAll('[data-l]')) {
    el.setAttribute('aria-label', t(el.dataset.l));
    if (el.tagName === 'BUTTON') el.title = t(el.dataset.l);
  }
}

// clock writes seconds as m:ss.mmm.
export function clock(s) {
  const ms = Math.round(s * 1000);
  const two = (n, w = 2) => String(n).padStart(w, '0');
  const m = Math.floor(ms / 60000);
  const rest = `${two(Math.floor(ms / 1000) % 60)}.${two(ms % 1000, 3)}`;
  return m < 60 ? `${m}:${rest}` : `${Math.floor(m / 60)}:${two(m % 60)}:${rest}`;
}
