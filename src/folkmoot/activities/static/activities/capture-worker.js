// The service worker of the capture page and of nothing else: its scope is /capture/. It keeps the files that the
// page needs and opens the page without a signal. It never touches what is sent: that is the outbox's alone.
const CACHE = "folkmoot-capture-__VERSION__";
const FILES = ["__FILES__"];
const SHELL = "__SHELL__";
const PAGE = "__PAGE__";
const PATIENCE = 4_000; // a signal that takes longer is none

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(CACHE);
    await cache.addAll(FILES.map((url) => new Request(url, { cache: "reload", credentials: "same-origin" })));
    await self.skipWaiting();
  })());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) {
      if (name.startsWith("folkmoot-capture-") && name !== CACHE) await caches.delete(name);
    }
    await self.clients.claim();
  })());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate" && url.pathname === PAGE) event.respondWith(page(request));
  else if (FILES.includes(url.pathname)) event.respondWith(file(request, url));
});

async function page(request) {
  const shell = () => caches.match(SHELL, { cacheName: CACHE });
  try {
    const answer = await fetch(request, { signal: AbortSignal.timeout(PATIENCE) });
    // led away to sign in, or a server that is down: recording goes on, and the page says what is the matter
    if (answer.type === "opaqueredirect" || answer.status >= 500) return (await shell()) ?? answer;
    return answer;
  } catch {
    return (await shell()) ?? Response.error();
  }
}

async function file(request, url) {
  return (await caches.match(url.pathname, { cacheName: CACHE })) ?? fetch(request);
}
