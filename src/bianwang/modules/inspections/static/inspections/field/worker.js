// The service worker of the field page. VERSION and FILES stand above this text when it is served.
// The files of one version are kept together and served from there; everything else goes to the network.
const CACHE = `bian-field-${VERSION}`;

async function keep() {
  const cache = await caches.open(CACHE);
  for (const file of FILES) {
    const answer = await fetch(file, { cache: "reload", credentials: "same-origin" });
    // A log-in page in the place of a file must not be kept.
    if (!answer.ok || answer.redirected) throw new Error(`${file}: ${answer.status}`);
    await cache.put(file, answer);
  }
}

async function forgetOthers() {
  for (const name of await caches.keys()) if (name.startsWith("bian-field-") && name !== CACHE) await caches.delete(name);
}

self.addEventListener("install", (event) => event.waitUntil(keep().then(() => self.skipWaiting())));
self.addEventListener("activate", (event) => event.waitUntil(forgetOthers().then(() => self.clients.claim())));

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin || !FILES.includes(url.pathname)) return;
  event.respondWith(caches.open(CACHE).then(async (cache) => (await cache.match(url.pathname)) || fetch(event.request)));
});
