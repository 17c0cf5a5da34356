// Keeps the page "Help now" in the browser, so that it opens without a network. Nothing about a person is kept.
"use strict";
const KEPT = "dayward-help-3";
const HELP = "{% url "portal:help_now" %}";
const FILES = [{% for file in files %}"{{ file }}"{% if not forloop.last %}, {% endif %}{% endfor %}];

self.addEventListener("install", (event) => {
  event.waitUntil(keep().then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches.keys()
      .then((names) => Promise.all(names.filter((name) => name !== KEPT).map((name) => caches.delete(name))))
      .then(() => self.clients.claim())
  );
});

self.addEventListener("fetch", (event) => {
  const request = event.request;
  if (request.method !== "GET") return;
  const path = new URL(request.url).pathname;
  if (request.mode === "navigate") {
    event.respondWith(fetch(request).catch(() => caches.match(HELP)));
  } else if (FILES.includes(path)) {
    event.respondWith(caches.match(request).then((kept) => kept || fetch(request)));
  }
});

async function keep() {
  const cache = await caches.open(KEPT);
  // Without cookies: the page as anybody sees it.
  const answers = await Promise.all([HELP, ...FILES].map((url) => fetch(url, { credentials: "omit" })));
  await Promise.all([HELP, ...FILES].map((url, place) => cache.put(url, answers[place])));
}
