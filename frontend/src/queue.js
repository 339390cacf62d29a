// The queue by keyboard: j and k walk, Enter opens, x picks, a takes, / searches, ? tells more. Works without all of this.
import { showKeys, single } from "./keys.js";

const rows = () => [...document.querySelectorAll("[data-row]")];

function current() {
  return document.querySelector("[data-row][data-current]");
}

function walk(step) {
  const all = rows();
  if (!all.length) return;
  const at = all.indexOf(current());
  const next = all[at === -1 ? (step > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + step, 0), all.length - 1)];
  current()?.removeAttribute("data-current");
  next.setAttribute("data-current", "");
  (next.querySelector("[data-open]") ?? next.querySelector("[data-pick]")).focus();
  next.scrollIntoView({ block: "nearest" });
}

// What is picked, else the row one is on.
function picked() {
  const any = document.querySelector("[data-pick]:checked");
  const box = any ?? current()?.querySelector("[data-pick]");
  if (box && !any) {
    box.checked = true;
    count(); // what acts on the chosen rows shows only once there are some
  }
  return box;
}

// Takes what is offered; gives what is accepted already to whom the box names, oneself at first.
function take(form) {
  const any = [...document.querySelectorAll("[data-row]")].filter((row) => row.querySelector("[data-pick]:checked"));
  const rows = any.length ? any : [current()].filter(Boolean);
  const offered = rows.some((row) => "offered" in row.dataset);
  press(form, offered ? "[data-bulk-accept]" : "[data-bulk-assign]");
}

function press(form, selector) {
  const button = form?.querySelector(selector);
  if (button && picked()) form.requestSubmit(button);
}

function go(hash) {
  const link = current()?.querySelector("[data-open]");
  if (link) location.href = `${link.href}${hash}`;
}

function pick() {
  const box = current()?.querySelector("[data-pick]");
  if (!box) return;
  box.checked = !box.checked;
  box.dispatchEvent(new Event("change", { bubbles: true }));
}

function keys(event) {
  if (!single(event)) return;
  const form = document.querySelector("form[data-queue]");
  const moves = {
    j: () => walk(1),
    k: () => walk(-1),
    x: pick,
    a: () => take(form),
    m: () => picked() && form?.querySelector("[data-bulk-to]")?.focus(),
    d: () => press(form, "[data-bulk-deliver]"),
    h: () => press(form, "[data-bulk-hand-over]"),
    s: () => press(form, "[data-bulk-snooze]"),
    e: () => go(""),
    r: () => go("#reply"),
    n: () => go("#note"),
    z: () => document.querySelector("[data-undo]")?.click(),
    "/": () => document.querySelector("[data-queue-search]")?.focus(),
    "?": showKeys,
  };
  const move = moves[event.key];
  if (!move) return;
  event.preventDefault();
  move();
}

function count() {
  const bar = document.querySelector("[data-bulk]");
  if (!bar) return;
  const chosen = document.querySelectorAll("[data-pick]:checked").length;
  bar.toggleAttribute("data-any", chosen > 0 || Boolean(bar.querySelector("[data-pick-all]:checked")));
  const words = bar.querySelector("[data-bulk-count]");
  words.textContent = words.dataset.words.replace("[n]", chosen);
}

let watching = false;

export function startQueue() {
  if (watching) return;
  watching = true;
  document.addEventListener("keydown", keys);
  document.addEventListener("change", count);
  document.addEventListener("focusin", (event) => {
    const row = event.target.closest?.("[data-row]");
    if (!row || row === current()) return;
    current()?.removeAttribute("data-current");
    row.setAttribute("data-current", "");
  });
  addEventListener("pageshow", count);
  count();
}
