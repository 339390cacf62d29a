// The queue by keyboard: j and k walk, Enter opens, x picks, a accepts, / searches. Works without all of this.

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

function accept(form) {
  const row = current();
  const any = form.querySelector("[data-pick]:checked");
  if (!any && row && "offered" in row.dataset) row.querySelector("[data-pick]").checked = true;
  if (form.querySelector("[data-pick]:checked")) {
    form.requestSubmit(form.querySelector("[data-bulk-accept]"));
  }
}

function pick() {
  const box = current()?.querySelector("[data-pick]");
  if (!box) return;
  box.checked = !box.checked;
  box.dispatchEvent(new Event("change", { bubbles: true }));
}

function typing(target) {
  return target.matches?.("input:not([type=checkbox]), textarea, select, [contenteditable]");
}

function keys(event) {
  const form = document.querySelector("form[data-queue]");
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return;
  const search = document.querySelector("[data-queue-search]");
  const moves = {
    j: () => walk(1),
    k: () => walk(-1),
    x: pick,
    a: () => form && accept(form),
    "/": () => search?.focus(),
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
  bar.toggleAttribute("data-any", chosen > 0);
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
