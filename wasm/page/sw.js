// Keeps the site for use without a network, once it has been visited. One cache per build: files
// of two builds never meet.
const build = 'BUILD';
const files = ['FILES'];

addEventListener('install', (e) => {
  e.waitUntil(caches.open(build).then((c) => c.addAll(files)).then(() => skipWaiting()));
});

addEventListener('activate', (e) => {
  e.waitUntil(caches.keys()
    .then((names) => Promise.all(names.filter((n) => n !== build).map((n) => caches.delete(n))))
    .then(() => clients.claim()));
});

// The network first: a newer build wins. The cache answers when there is none.
addEventListener('fetch', (e) => {
  const url = new URL(e.request.url);
  if (e.request.method !== 'GET' || url.origin !== location.origin) return;
  const wanted = url.pathname.endsWith('/') ? new URL('index.html', url).href : url.href.split('?')[0];
  e.respondWith(fetch(e.request).catch(() => caches.open(build)
    .then((c) => c.match(wanted)).then((r) => r || Response.error())));
});
