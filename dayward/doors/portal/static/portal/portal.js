// The patient's page works without this; with it, "Help now" also opens without a network,
// and the safety plan does for who has asked this phone to keep it.
"use strict";
const PLAN = "/my/more/safety/kept/";
const OWN = "dayward-own-plan"; // the worker knows it by this name too

if ("serviceWorker" in navigator) {
  navigator.serviceWorker.register("/my/worker.js", { scope: "/my/" }).catch(() => {});
}

const keptPlan = () => caches.match(PLAN, { cacheName: OWN, ignoreVary: true });
const whose = (page) => new DOMParser().parseFromString(page, "text/html").querySelector("[data-plan-of]")?.dataset.planOf;

async function keepPlan() {
  const answer = await fetch(PLAN, { cache: "no-store", redirect: "error" });
  if (!answer.ok) throw new Error("not given");
  await (await caches.open(OWN)).put(PLAN, answer);
}

// A newer plan takes the place of the one kept. Somebody else's page on this phone: the plan kept here goes, theirs is not kept.
async function freshen() {
  const old = await keptPlan();
  if (!old) return;
  const answer = await fetch(PLAN, { cache: "no-store", redirect: "manual" });
  if (answer.ok && whose(await answer.clone().text()) === whose(await old.text())) await (await caches.open(OWN)).put(PLAN, answer);
  else if (answer.ok || answer.status === 404) await caches.delete(OWN);
}

async function showKept() {
  const kept = Boolean(await keptPlan());
  const show = (name, on) => { for (const each of document.querySelectorAll(`[${name}]`)) each.hidden = !on; };
  show("data-plan-keeping", true);
  show("data-plan-keep", !kept);
  show("data-plan-kept", kept);
  show("data-plan-link", kept);
  if (kept) for (const other of document.querySelectorAll("[data-plan-page]")) other.remove();
}

function onKeep(event) {
  const form = event.target;
  if (!form.matches("[data-plan-keep]") || form.dataset.done) return;
  event.preventDefault();
  keepPlan().then(() => { form.dataset.done = "yes"; form.submit(); }, () => { document.querySelector("[data-plan-failed]").hidden = false; });
}

async function onDrop(event) {
  if (!(event.target instanceof Element) || !event.target.closest("[data-plan-drop]")) return;
  await caches.delete(OWN);
  if (location.pathname === PLAN) location.replace("/my/help/");
  else await showKept();
}

if ("caches" in window && "serviceWorker" in navigator) {
  document.addEventListener("submit", onKeep, true);
  document.addEventListener("click", onDrop);
  document.addEventListener("DOMContentLoaded", () => { if (location.pathname === "/my/") freshen().catch(() => {}); showKept(); });
}
