// Keeps the page "Help now" in the browser, so that it opens without a network. Nothing about a person is kept here;
// the safety plan only where its person has asked this phone for it (portal.js).
"use strict";
const KEPT = "dayward-help-4";
const OWN = "dayward-own-plan";
const HELP = "{% url "portal:help_now" %}";
const PLAN = "{% url "portal:kept_safety" %}";
const FILES = [{% for file in files %}"{{ file }}"{% if not forloop.last %}, {% endif %}{% endfor %}];

self.addEventListener("install", (event) => {
  event.waitUntil(keep().then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches.keys()
      .then((names) => Promise.all(names.filter((name) => name !== KEPT && name !== OWN).map((name) => caches.delete(name))))
      .then(() => self.clients.claim())
  );
});

self.addEventListener("fetch", (event) => {
  const request = event.request;
  if (request.method !== "GET") return;
  const path = new URL(request.url).pathname;
  if (request.mode === "navigate") {
    event.respondWith(answer(request, path).catch(() => caches.match(HELP)));
  } else if (FILES.includes(path)) {
    event.respondWith(caches.match(request).then((kept) => kept || fetch(request)));
  }
});

// The plan from the phone itself, without asking: it opens signed out too.
async function answer(request, path) {
  const own = path === PLAN ? await caches.match(PLAN, { cacheName: OWN, ignoreVary: true }) : undefined;
  return own || fetch(request);
}

async function keep() {
  const cache = await caches.open(KEPT);
  // Without cookies: the page as anybody sees it.
  const answers = await Promise.all([HELP, ...FILES].map((url) => fetch(url, { credentials: "omit" })));
  if (!answers.every((each) => each.ok)) throw new Error("Not all was answered: tried again with the next page.");
  await Promise.all([HELP, ...FILES].map((url, place) => cache.put(url, answers[place])));
}
