// What links and forms cannot do alone. Every page works without this file.
"use strict";

const typing = (target) => target instanceof Element && target.closest("input, textarea, select, [contenteditable]") !== null;
const open = (dialog) => { if (dialog && !dialog.open) dialog.showModal(); };

// Palette and dialogs
function openPalette() {
  const palette = document.getElementById("palette");
  if (!palette) return false;
  open(palette);
  const field = palette.querySelector("input[type=search]");
  field.select();
  if (window.htmx) window.htmx.trigger(field, "palette-open");
  return true;
}

function inPalette(event) {
  const palette = event.target instanceof Element && event.target.closest("#palette");
  if (palette && event.key === "Escape") { event.preventDefault(); palette.close(); return; } // a search field would only be emptied
  if (!palette || !["ArrowDown", "ArrowUp", "Enter"].includes(event.key)) return;
  const links = [...palette.querySelectorAll("#palette-results a")];
  const at = links.indexOf(document.activeElement);
  if (event.key === "Enter") {
    if (at < 0 && links.length) { event.preventDefault(); links[0].click(); }
    return;
  }
  event.preventDefault();
  const next = event.key === "ArrowDown" ? at + 1 : at - 1;
  (links[next] || palette.querySelector("input[type=search]")).focus();
}

// Lists: j and k go from row to row by what each row opens, in every list and table of the page
const ROWS = "#main :is([data-list] [data-item], .dw-list > li, .dw-table > tbody > tr)";
const ACTS = "a[href], button:not([disabled]), summary, input:not([type=hidden], [disabled]), select";
const targetOf = (row) => (row.matches(ACTS) ? row : row.querySelector("a.dw-row-link") || row.querySelector(ACTS));

function moveInList(step) {
  const rows = [...document.querySelectorAll(ROWS)].filter((row) => row.offsetParent !== null && targetOf(row));
  if (!rows.length) return;
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  const row = rows[Math.min(Math.max(at + step, 0), rows.length - 1)];
  targetOf(row).focus();
  row.scrollIntoView({ block: "nearest" });
}

const keys = {
  j: () => moveInList(1),
  k: () => moveInList(-1),
  n: () => document.querySelector("[data-main-action]")?.click(),
  "?": () => open(document.getElementById("keys")),
  "/": () => document.querySelector("[data-list-search], main input[type=search]")?.focus(),
};

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    if (openPalette()) event.preventDefault();
    return;
  }
  if ((event.ctrlKey || event.metaKey) && event.key === "Enter" && event.target.form) {
    event.preventDefault();
    event.target.form.requestSubmit();
    return;
  }
  inPalette(event);
  if (event.key === "Enter" && event.target instanceof Element && event.target.matches("[data-no-submit]")) event.preventDefault();
  if (event.key === "Escape") closeMenus(null);
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || document.querySelector("dialog[open]")) return;
  const act = keys[event.key];
  if (act && (event.key === "?" || lettersOn())) { event.preventDefault(); act(); }
});

// Single letters can be switched off (they get in the way of dictation); the choice is a cookie
const lettersOn = () => !document.cookie.includes("dayward_keys=off");
document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-keys-switch]")) return;
  document.cookie = `dayward_keys=${event.target.checked ? "on" : "off"}; path=/; max-age=31536000; samesite=lax`;
});

function closeMenus(except) {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (menu === except) continue;
    const inside = menu.contains(document.activeElement);
    menu.open = false;
    if (inside && except === null) menu.querySelector("summary").focus();
  }
}

document.addEventListener("click", (event) => {
  const target = event.target instanceof Element ? event.target : null;
  if (!target) return;
  closeMenus(target.closest("details[data-menu]") || undefined);
  if (target.closest("[data-palette-open]") && !event.ctrlKey && !event.metaKey && openPalette()) event.preventDefault();
  const opener = target.closest("[data-dialog-open]");
  if (opener) {
    const dialog = document.getElementById(opener.dataset.dialogOpen);
    if (dialog) { event.preventDefault(); closeMenus(undefined); open(dialog); }
  }
  if (target.matches("dialog")) target.close();
  const toast = target.closest("[data-toast-close]");
  if (toast) toast.closest("[data-toast]").remove();
  const copier = target.closest("[data-copy]");
  if (copier) copy(copier);
});

// On paper: when it was printed, by the clock of whoever prints it
window.addEventListener("beforeprint", () => {
  for (const place of document.querySelectorAll("[data-print-when]")) place.textContent = `, ${new Date().toLocaleString(document.documentElement.lang, { dateStyle: "long", timeStyle: "short" })}`;
});

async function copy(button) {
  const text = button.dataset.copy || button.parentElement.querySelector("input, textarea")?.value || "";
  await navigator.clipboard.writeText(text);
  const word = button.querySelector("[data-copy-word]");
  if (word) word.textContent += " ✓";
}

// A form is sent once, however often the button is pressed
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || form.matches("[hx-post], [data-theme-switch]")) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
  setTimeout(() => delete form.dataset.sent, 8000);
  if (form.querySelector("[data-busy]")) setTimeout(busy, 300, form, true);
});

// What takes more than a moment says that it works; a page that comes back from the browser's memory no longer does
function busy(form, works) {
  const status = form.querySelector("[data-busy]");
  form.setAttribute("aria-busy", works);
  status.querySelector(".spinner-border").hidden = !works;
  status.querySelector("[data-busy-text]").textContent = works ? status.dataset.busy : "";
}
window.addEventListener("pageshow", (event) => {
  if (event.persisted) for (const status of document.querySelectorAll("form [data-busy]")) busy(status.closest("form"), false);
});

// No draft is saved beside the form that was just sent: it would meet what that form has signed
document.addEventListener("htmx:beforeRequest", (event) => {
  const draft = event.detail.requestConfig.elt.closest("[data-draft]");
  if (draft?.closest("form")?.dataset.sent) event.preventDefault();
});

// Theme: the form works alone; with script the page changes at once
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-theme-switch]")) return;
  event.preventDefault();
  const root = document.documentElement;
  const dark = root.dataset.bsTheme ? root.dataset.bsTheme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.bsTheme = dark ? "light" : "dark";
  const body = new FormData(form);
  body.set("theme", root.dataset.bsTheme);
  fetch(form.action, { method: "POST", body, redirect: "manual" });
});

// Files: a drop goes into the plain file input
function dropzone(zone) {
  const input = zone.querySelector("input[type=file]");
  const list = zone.querySelector("[data-dropzone-list]");
  const show = () => list.replaceChildren(...[...input.files].map((file) => {
    const item = document.createElement("li");
    item.textContent = `${file.name} (${Math.max(1, Math.round(file.size / 1024))} KB)`;
    return item;
  }));
  for (const name of ["dragenter", "dragover"]) zone.addEventListener(name, (event) => { event.preventDefault(); zone.dataset.over = ""; });
  zone.addEventListener("dragleave", (event) => { if (!zone.contains(event.relatedTarget)) delete zone.dataset.over; });
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    delete zone.dataset.over;
    if (!event.dataTransfer.files.length) return;
    const files = new DataTransfer();
    for (const file of [...event.dataTransfer.files].slice(0, input.multiple ? undefined : 1)) files.items.add(file);
    input.files = files.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
  input.addEventListener("change", show);
}

// Drafts: say so when the server could not be reached or the session has ended
function draftState(draft, saved) {
  draft.dataset.state = saved ? "saved" : "failed";
  draft.querySelector(".dw-draft-failed").hidden = saved;
}

const signedOut = (xhr) => {
  const signIn = document.body.dataset.signIn;
  return xhr.status === 401 || (signIn && xhr.responseURL && new URL(xhr.responseURL).pathname === signIn);
};

function beforeSwap(event) {
  if (!signedOut(event.detail.xhr)) return;
  event.detail.shouldSwap = false;
  if (!event.detail.requestConfig.elt.closest("[data-draft]")) window.location.reload();
}

function afterRequest(event) {
  const draft = event.detail.requestConfig.elt.closest("[data-draft]");
  if (draft) draftState(draft, event.detail.successful && !signedOut(event.detail.xhr));
}

// A screen in a group room is seen by many: when the session ends, the page goes. Asking does not prolong it,
// unless somebody has touched the page since; nor does anything else the page does by itself.
const POLL = "X-Dayward-Poll";
let touched = 0;
for (const name of ["keydown", "pointerdown", "input"]) document.addEventListener(name, () => { touched = Date.now(); }, { capture: true, passive: true });

// Half a minute before the end, and then often: whoever comes back in the last moment stays
const nextAsk = (left) => (left > 35 ? Math.min(left - 30, 300) : Math.min(left + 1, 5)) * 1000;

async function still(asked, deadline) {
  const now = Date.now();
  let left = 0;
  try {
    const answer = await fetch(document.body.dataset.still, { cache: "no-store", headers: touched > asked ? {} : { [POLL]: "1" } });
    left = (await answer.json()).left;
    if (left > 0) document.documentElement.classList.remove("dw-locked");
    else { document.documentElement.classList.add("dw-locked"); location.replace(location.pathname + location.search); return; }
  } catch { // no server: the page goes when the session would, and comes back with it
    if (now > deadline) document.documentElement.classList.add("dw-locked");
    setTimeout(still, 30000, asked, deadline);
    return;
  }
  setTimeout(still, nextAsk(left), now, now + left * 1000);
}

function byItself(event) {
  if (!event.detail.triggeringEvent) event.detail.headers[POLL] = "1";
}

function prepare(root) {
  for (const zone of root.querySelectorAll("[data-dropzone]:not([data-ready])")) { zone.dataset.ready = ""; dropzone(zone); }
  for (const toast of root.querySelectorAll("[data-toast].dw-is-ok")) {
    if (!toast.querySelector("form")) setTimeout(() => toast.remove(), 10000);
  }
  root.querySelector("[data-focus]")?.focus();
}

// On a phone tabs scroll sideways: the one that is open is in sight
function showTab(tabs) {
  const tab = tabs.querySelector("[aria-current]");
  if (!tab || tabs.scrollWidth <= tabs.clientWidth) return;
  const [row, box] = [tabs.getBoundingClientRect(), tab.getBoundingClientRect()];
  tabs.scrollLeft += box.left - row.left - (row.width - box.width) / 2;
}

document.addEventListener("DOMContentLoaded", () => {
  sessionStorage.clear(); // htmx notes the address of the page there: nothing of a chart stays in a browser
  prepare(document);
  for (const tabs of document.querySelectorAll(".dw-tabs")) showTab(tabs);
  if (/Mac|iPhone|iPad/.test(navigator.platform)) for (const key of document.querySelectorAll(".dw-find kbd")) key.textContent = "⌘ K";
  const idle = Number(document.body.dataset.idle);
  if (idle) setTimeout(still, nextAsk(idle), Date.now(), Date.now() + idle * 1000);
  document.body.addEventListener("htmx:configRequest", byItself);
  document.body.addEventListener("htmx:load", (event) => prepare(event.target));
  document.body.addEventListener("htmx:beforeSwap", beforeSwap);
  document.body.addEventListener("htmx:afterRequest", afterRequest);
  for (const box of document.querySelectorAll("[data-keys-switch]")) box.checked = lettersOn();
});
