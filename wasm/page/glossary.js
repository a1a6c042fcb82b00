// The glossary: the first time that a text of the story names a term, the term can be pressed, and
// says what it means, in both languages, and where that is laid down.

import { json } from './assets.js';
import { el } from './dom.js';
import { lang, t } from './words.js';

const $ = (id) => document.getElementById(id);

let terms = [];

export async function loadGlossary() {
  terms = await json('glossary.json');
}

// verbs are terms whose names are everyday verbs: linking them would mislead.
const verbs = ['will', 'cut'];

// names are the words under which a term is found in a text, the longest first. What stands in
// brackets explains a word and is no part of it.
function names() {
  const out = [];
  for (const term of terms) {
    if (verbs.includes(term.id)) continue;
    for (const name of term[lang].replace(/\s*\(.*\)/, '').split(/[,、]\s*/)) {
      if (name.length > 1) out.push({ word: name, term });
    }
  }
  return out.sort((a, b) => b.word.length - a.word.length);
}

const escaped = (s) => s.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

// finder matches any name where no letter touches it, with the plural's s. CONNECT is a packet,
// connect is a word: capitals must be capitals.
function finder(list) {
  const either = (c) => (/[a-z]/.test(c) ? `[${c}${c.toUpperCase()}]` : c);
  const all = list.map(({ word }) => {
    const e = escaped(word);
    return /^[a-z]/.test(word) ? either(e[0]) + e.slice(1) : e;
  });
  return new RegExp(`(?<![A-Za-z])(?:${all.join('|')})s?(?![A-Za-z])`, 'g');
}

// gloss makes the terms in elements pressable, each term once.
export function gloss(...roots) {
  const list = names();
  if (!list.length) return;
  const known = new Map(list.map(({ word, term }) => [word.toLowerCase(), term]));
  const find = finder(list);
  const done = new Set();
  for (const root of roots) {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    const nodes = [];
    while (walker.nextNode()) nodes.push(walker.currentNode);
    for (const node of nodes) {
      if (!node.parentElement.closest('button, label, legend, output')) link(node, find, known, done);
    }
  }
}

function link(node, find, known, done) {
  const text = node.data;
  const parts = [];
  let from = 0;
  for (const m of text.matchAll(find)) {
    const word = m[0].toLowerCase();
    const term = known.get(word) || known.get(word.replace(/s$/, ''));
    if (!term || done.has(term.id)) continue;
    done.add(term.id);
    const b = el('button', { type: 'button', className: 'term', textContent: m[0] });
    b.onclick = () => explain(b, term);
    parts.push(text.slice(from, m.index), b);
    from = m.index + m[0].length;
  }
  if (parts.length) node.replaceWith(...parts, text.slice(from));
}

function meaning(term) {
  const other = lang === 'en' ? 'ja' : 'en';
  const pair = term.en === term.ja ? term.en : `${term[lang]} · ${term[other]}`;
  const out = [el('strong', { textContent: pair }), el('p', { textContent: term[`text_${lang}`] })];
  if (term.source) out.push(el('p', { className: 'quiet', textContent: term.source }));
  return out;
}

// explain opens the card beside a term; the same press closes it.
function explain(button, term) {
  const card = $('term');
  if (!card.hidden && card.dataset.id === term.id) { closeTerm(); return; }
  card.dataset.id = term.id;
  card.replaceChildren(...meaning(term));
  card.hidden = false;
  button.setAttribute('aria-describedby', 'term');
  const at = button.getBoundingClientRect();
  const high = card.offsetHeight;
  const below = at.bottom + 6 + high < innerHeight;
  card.style.left = `${Math.max(8, Math.min(at.left, innerWidth - card.offsetWidth - 8))}px`;
  card.style.top = `${below ? at.bottom + 6 : Math.max(8, at.top - high - 6)}px`;
}

export function closeTerm() { $('term').hidden = true; }

addEventListener('keydown', (e) => { if (e.key === 'Escape') closeTerm(); });
addEventListener('pointerdown', (e) => { if (!e.target.closest?.('.term, #term')) closeTerm(); });

// all is the glossary as a list, for the help.
export function all() {
  const dl = el('dl', { className: 'glossary' });
  for (const term of terms) {
    const [head, ...rest] = meaning(term);
    dl.append(el('dt', {}, head), el('dd', {}, ...rest));
  }
  return el('details', {}, el('summary', { textContent: t('page.glossary') }), dl);
}
