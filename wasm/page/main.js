// The page: puts words, picture, simulation and controls together. State lives in the picture's
// program; what is here is only how far things have come.

import { json, bytes, single } from './assets.js';
import { el } from './dom.js';
import { Dialogs } from './dialogs.js';
import { frames, turn } from './frames.js';
import { closeTerm, gloss, loadGlossary } from './glossary.js';
import { List } from './list.js';
import { Picture } from './picture.js';
import { Player } from './player.js';
import { Simulation } from './sim.js';
import { Story } from './story.js';
import { Why } from './why.js';
import { lang, loadWords, setLang, t } from './words.js';

const $ = (id) => document.getElementById(id);
const query = new URLSearchParams(location.search);

// enlarged is how much larger everything is on a large screen, such as a classroom's projector:
// everybody reads it from further away.
function enlarged() {
  return Math.min(2.5, Math.max(1, Math.min(innerWidth / 1440, innerHeight / 860)));
}

class App {
  constructor() {
    this.state = { loaded: false };
    this.tab = 'story';
    this.spoken = 0;
    this.runs = 0; // counts runs that came to an end: tests wait for it
    this.zoom = 1;
    this.least = query.get('controls') === 'min'; // in somebody's article: the picture, no story
    this.pic = new Picture($('canvas'));
  }

  // tellHeight lets a page that embeds this one fit its frame: what the picture needs to be read,
  // not what the frame happens to have.
  tellHeight() {
    if (parent === window) return;
    const wide = innerWidth >= 700;
    const height = this.least ? (wide ? 560 : 520) : (wide ? 640 : 760);
    parent.postMessage({ halfopen: { height: height * this.zoom } }, '*');
  }

  async boot() {
    [this.build] = await Promise.all([json('build.json'), loadWords(), loadGlossary()]);
    const asked = query.get('lang') || localStorage.getItem('lang') || navigator.language;
    setLang(asked.slice(0, 2));
    document.body.classList.toggle('embed', query.has('embed'));
    document.body.classList.toggle('least', this.least);
    this.player = new Player(this);
    this.list = new List(this);
    this.story = new Story(this);
    this.why = new Why(this);
    this.dialogs = new Dialogs(this);
    this.controls();
    this.pic.moved = (at, playing) => this.player.moved(at, playing);
    this.pic.onresize = () => this.place();
    const size = this.build.bytes;
    await this.pic.load((n) => this.progress(n / size['picture.wasm'], t('page.loading')));
    performance.mark('picture');
    this.ready();
    this.sim = new Simulation((n) => this.progress(n / size['simulation.wasm'],
      t('page.loading-simulation')));
    this.sim.prepare().then(() => performance.mark('live'))
      .catch((e) => this.problem(e));
    await this.begin();
    this.tellHeight();
  }

  ready() {
    this.setView();
    this.lessons = this.pic.call('lessons');
    this.listLessons();
  }

  // listLessons fills the choice of lessons; those that were taken to their end have a tick.
  listLessons() {
    const mark = (l) => (this.story.done(l.number) ? ' ✓' : '');
    $('lesson').replaceChildren(...this.lessons.map((l) =>
      new Option(t('page.lesson-n', l.number, l.title) + mark(l), l.number)),
    new Option(t('page.own'), 0));
    $('lesson').value = String(this.lessonNumber ?? 1);
  }

  // begin opens what the address asks for: a shared scenario, or a lesson.
  async begin() {
    const fragment = location.hash.slice(1);
    if (fragment.startsWith('s=')) {
      try {
        const shared = this.pic.call('unshare', fragment);
        const other = new URLSearchParams(fragment).get('b');
        const differs = other && other !== this.build.build;
        await this.open(shared.text, differs ? t('page.other-build', other.slice(0, 12))
          : t('page.shared'));
        if (shared.at) this.pic.call('seek', shared.at);
        this.refresh();
        return;
      } catch (e) {
        this.problem(e);
      }
    }
    await this.lesson(Number(query.get('lesson')) || 1);
    if (query.has('t')) this.seek(Number(query.get('t')));
  }

  // lesson opens a lesson. The first has its trace recorded with the page, so it is there before
  // the simulation is.
  async lesson(number) {
    $('lesson').value = String(number);
    this.pic.call('begin', number);
    this.begun();
    this.name = '';
    this.lessonNumber = number;
    if (number === 1 && !this.first) {
      this.first = true;
      try {
        const { hash } = await json('first.json');
        const info = await this.pic.show(await bytes('first.trace'));
        if (info) this.loaded({ ...info, hash });
        this.pic.call('wish'); // its run is here already
        await this.story.tell(number);
        this.refresh();
        return;
      } catch (e) { console.warn(String(e)); }
    }
    await this.runWish();
    await this.story.tell(number);
    this.refresh();
  }

  // begun forgets what was said about the scenario before.
  begun() {
    $('fork').setAttribute('aria-pressed', 'false');
    $('told').textContent = '';
    $('unmet').textContent = '';
  }

  // open runs a scenario of the reader's own.
  async open(text, name) {
    this.pic.call('open', { Text: text, Name: name });
    this.begun();
    this.name = name;
    this.lessonNumber = 0;
    this.story.number = 0;
    $('lesson').value = '0';
    await this.runWish();
    this.story.show();
    this.refresh();
  }

  // runWish runs the scenario if it has changed since it was last run.
  async runWish() {
    const wish = this.pic.call('wish');
    if (!wish) return;
    const edit = this.edit = { began: performance.now() };
    this.pic.meter.begin();
    this.problem(null);
    try {
      const done = await this.sim.run(wish.text, wish.name, (at, of) =>
        this.progress(of ? at / of : 0, t('page.running')));
      edit.ran = performance.now() - edit.began;
      const info = await this.pic.show(new Uint8Array(done.trace));
      edit.ready = performance.now() - edit.began;
      if (!info) return; // another one has been asked for meanwhile
      this.progress(1);
      this.loaded({ ...info, hash: done.hash });
      if (done.problem) this.problem(new Error(done.problem));
      this.unmet(this.lessonNumber ? '' : done.unmet);
      const difference = this.pic.call('compared');
      if (difference.on) this.told(difference.text);
      this.runs++;
    } catch (e) {
      this.progress(1);
      this.problem(e);
    }
    this.refresh();
    this.settle(edit);
  }

  // settle waits until what an edit has brought is on the screen; then the next run's worker may
  // start, which is work for the same processors.
  async settle(edit) {
    await frames(1);
    await turn();
    edit.took = performance.now() - edit.began;
    if (this.edit !== edit) return; // the next one is under way
    await this.sim.prepare().catch(() => {}); // who wants a run hears of it
    await frames(2);
    if (this.edit === edit) Object.assign(edit, this.pic.meter.end(), { settled: true });
  }

  // runVariants runs other scenarios of the lesson, which are not shown but counted in.
  async runVariants(variants) {
    const number = this.lessonNumber;
    await Promise.all(variants.map(async (v) => {
      const done = await this.sim.aside(v.Scenario, v.Key);
      if (this.lessonNumber === number) await this.pic.show(new Uint8Array(done.trace), v.Key);
    }));
  }

  // file makes a file to save: what the picture cannot make, the simulation does in another run.
  async file(kind) {
    if (kind === 'svg' || kind === 'scenario') return this.pic.bytes(kind);
    const done = await this.sim.aside(this.pic.call('source'), '', kind);
    return new Uint8Array(done.trace);
  }

  // edited follows a change of the scenario by hand: it is no longer the lesson as told.
  edited() {
    this.runWish();
    this.refresh();
  }

  seek(at) {
    this.pic.call('seek', at);
    this.refresh();
  }

  // act does something to a segment in flight.
  act(name, event) {
    this.pic.call('act', { Name: name, Event: event });
    this.why.show(0);
    this.pic.call('select', 0);
    this.edited();
  }

  // cut cuts or heals the wire. Where the story asks for it, the run has it already.
  cut() {
    if (!this.story.act('cut')) this.tool('cut');
  }

  loaded(info) {
    this.info = info;
    $('seed').textContent = t('page.seed', info.seed);
    $('hash').textContent = info.ties ? t('page.not-portable', info.hash.slice(0, 12))
      : info.hash.slice(0, 12);
    $('hash').title = `${t('page.hash')} ${info.hash}`;
    const badges = this.pic.call('badges');
    $('badges').replaceChildren(...badges.map((b) => el('li', { textContent: b })));
    $('first')?.remove();
    this.list.reset();
  }

  tool(name) {
    this.pic.call('tool', name);
    this.refresh();
    this.runWish();
  }

  select(id) {
    this.pic.call('select', id);
    this.refresh();
    this.why.show(id);
  }

  // pressed follows a press on the picture: an event is explained, a badge says what is a model,
  // and on the axis of time an open question gets its marker.
  pressed(hit) {
    if (hit.time) this.story.mark(hit.time);
    this.refresh();
    if (hit.event) this.why.show(hit.event);
    else if (hit.role === 'app' || hit.role === 'kernel') this.limits();
  }

  limits() {
    $('limits').open = true;
    $('limits').scrollIntoView({ block: 'nearest' });
  }

  // refresh puts the state of the picture's program into the page.
  refresh() {
    const before = this.state.selected;
    this.state = this.pic.call('state');
    this.player.show(this.state);
    if (before !== this.state.selected) this.list.mark();
    this.changes(this.state.edits);
    if (!this.state.playing) {
      $('description').textContent = this.instantText();
      this.story.moved(this.state.at);
    }
  }

  // changes lists what was done by hand, and the way back.
  changes(edits) {
    const all = edits.join('\n');
    if (this.changed === all) return;
    this.changed = all;
    $('changes').hidden = !edits.length;
    $('changes-list').replaceChildren(...edits.map((text) => el('li', { textContent: text })));
    $('changes-note').textContent = t(this.lessonNumber ? 'page.changed-lesson' : 'page.changed');
    $('changes-back').textContent = t(this.lessonNumber ? 'page.to-lesson' : 'page.original');
    if (edits.length) this.say(edits.at(-1));
    this.story.pause(edits.length > 0);
  }

  instantText() { return this.pic.api ? this.pic.call('describe') : ''; }

  sayInstant() { this.say(this.instantText()); }

  // say lets a screen reader speak: one sentence at most every two seconds, the last one wins.
  say(text) {
    this.saying = text;
    const wait = Math.max(0, this.spoken + 2000 - performance.now());
    clearTimeout(this.voice);
    this.voice = setTimeout(() => {
      this.spoken = performance.now();
      $('live').textContent = this.saying;
    }, wait);
  }

  progress(part, text = '') {
    const done = part >= 1;
    $('busy').hidden = done;
    $('bar').value = Math.min(1, part);
    $('busytext').textContent = text;
  }

  problem(e) {
    let box = $('problem');
    if (!box) {
      box = Object.assign(document.createElement('p'), { id: 'problem', className: 'problem' });
      box.setAttribute('role', 'alert');
      $('story').prepend(box);
    }
    box.textContent = e ? t('page.problem', e.message.split('\n', 1)[0]) : '';
    box.hidden = !e;
  }

  // unmet shows that a scenario of the reader's own did not go as it says itself.
  unmet(text) {
    $('unmet').textContent = text && t('page.unmet', text.split('\n', 1)[0]);
  }

  controls() {
    $('lesson').onchange = (e) => {
      const n = Number(e.target.value);
      if (n) this.lesson(n);
      else this.dialogs.open('source');
    };
    $('lang').onclick = () => this.switchLanguage();
    $('show-list').onclick = () => this.showList(!this.list.open);
    $('fork').onclick = () => this.fork();
    $('changes-undo').onclick = () => this.player.press('undo');
    $('changes-back').onclick = () => this.original();
    for (const b of $('tabs').children) b.onclick = () => this.showTab(b.dataset.tab);
    matchMedia('(prefers-reduced-motion: reduce)').addEventListener('change', () => this.setView());
    addEventListener('hashchange', () => this.begin());
    addEventListener('error', (e) => e.error && this.problem(e.error));
    addEventListener('unhandledrejection', (e) => this.problem(e.reason));
    if (!single && 'serviceWorker' in navigator && !query.has('embed')) {
      navigator.serviceWorker.register('sw.js').catch(() => {});
    }
  }

  // key is a letter that is the page's own business; false if it is not.
  key(k) {
    if (k.toLowerCase() === 'c' && this.story.act('cut')) return true;
    const own = { l: () => this.switchLanguage(), t: () => this.showList(!this.list.open),
      f: () => this.fork(), '?': () => this.dialogs.open('help'),
      '/': () => { this.showList(true); $('find').focus(); } };
    own[k.toLowerCase()]?.();
    if (own[k.toLowerCase()]) return true;
    const known = this.pic.call('key', { Key: k, Shift: k !== k.toLowerCase() });
    if (known) { this.refresh(); this.runWish(); }
    return known;
  }

  switchLanguage() {
    setLang(lang === 'en' ? 'ja' : 'en');
    localStorage.setItem('lang', lang);
    this.setView();
    this.ready();
    $('lesson').value = String(this.lessonNumber);
    if (this.info) this.loaded(this.info);
    this.story.show();
    if (!$('why').hidden) this.why.show(this.state.selected);
    if (this.dialogs.box.open) this.dialogs.close();
    closeTerm();
    this.changed = null;
    this.refresh();
  }

  setView() {
    const other = lang === 'en' ? ['ja', '日本語'] : ['en', 'English'];
    [$('lang').lang, $('lang').textContent] = other;
    this.pic.call('view', { Lang: lang,
      Reduced: matchMedia('(prefers-reduced-motion: reduce)').matches });
    this.place();
  }

  // place puts the HTML where the picture leaves room for it. Whether there is room for story,
  // stage and ladder at once is the picture's to say.
  place() {
    if (!this.pic.api) return;
    const parts = { stage: 1, ladder: 2, lanes: 4, scrubber: 8 };
    const zoom = enlarged();
    this.zoom = this.pic.zoom = zoom;
    document.documentElement.style.fontSize = `${100 * zoom}%`;
    const size = { W: $('canvas').clientWidth / zoom, H: $('canvas').clientHeight / zoom,
      Zoom: zoom };
    const layout = (panels, left) => {
      this.pic.call('view', { ...size, Panels: panels, Left: left });
      return this.pic.call('state').layout;
    };
    let left = this.least ? 0 : 300;
    let lay = layout(15, left);
    const narrow = lay.Narrow;
    document.body.classList.toggle('narrow', narrow);
    const lying = narrow && size.W >= 700; // a phone on its side: the content is beside the stage
    if (narrow) {
      const below = this.least ? 0 : parts[this.tab] || (lying ? parts.ladder : 0);
      lay = layout(parts.stage | parts.scrubber | below, left);
    }
    const content = lying ? lay.Ladder : lay.Story;
    this.put('story', content, left > 0 && (!narrow || this.tab === 'story'));
    this.put('tabs', lay.Tabs, narrow && left > 0);
    this.put('list', narrow ? content
      : { X: left, Y: lay.Stage.Y, W: size.W - left, H: lay.Stage.H }, this.list?.open);
    this.put('scrub', lay.Scrubber, true);
  }

  put(id, r, shown) {
    const el = $(id);
    el.hidden = !shown;
    const px = (n) => `${n * this.zoom}px`;
    Object.assign(el.style, { left: px(r.X), top: px(r.Y), width: px(r.W), height: px(r.H),
      bottom: 'auto' });
  }

  showTab(tab) {
    this.tab = tab;
    for (const b of $('tabs').children) b.setAttribute('aria-pressed', String(b.dataset.tab === tab));
    this.showList(tab === 'list', false);
    this.place();
  }

  showList(on, focus = true) {
    $('list').hidden = !on;
    $('show-list').setAttribute('aria-pressed', String(on));
    if (on) this.list.reset();
    if (on && focus) $('rows').focus();
  }

  // original takes all changes by hand back.
  original() {
    while (this.pic.call('state').edits.length) this.pic.call('press', 'undo');
    if ($('fork').getAttribute('aria-pressed') === 'true') this.fork();
    this.edited();
  }

  gloss(...roots) { gloss(...roots); }

  // fork keeps this run and shows the next ones beside it.
  fork() {
    const f = this.pic.call('fork');
    $('fork').setAttribute('aria-pressed', String(f.on));
    this.told(f.text);
    this.refresh();
  }

  told(text) {
    $('told').textContent = text;
    this.say(text);
  }

  shareURL() {
    const fragment = this.pic.call('share', { At: this.state.at });
    const u = new URL(location.href);
    u.search = '';
    u.hash = `${fragment}&b=${this.build.build}`;
    return u.href;
  }

  about() {
    return `${t('page.about-text')} ${this.pic.call('badges').join(' · ')} ` +
      `${t('page.build', this.build.build)}`;
  }
}

const app = new App();
globalThis.halfopen = app; // for tests and the curious
app.boot().catch((e) => {
  $('busy').hidden = true;
  $('story-text').textContent = String(e.message || e);
  throw e;
});
