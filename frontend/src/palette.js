// The command palette: under the search field stand the actions of this page and the places of the menu.
// The page shows only what its reader may do, so this lists only that. Arrow down enters the list, Escape leaves it.
const SOURCES = [
  "#main button:not([disabled])",
  "#main a.btn",
  "#main a.nk-tab",
  "#main a.nk-menu-item",
  "#main label.nk-mode",
  "#side a",
];
const MOST = 12;

function labelOf(element) {
  return element.textContent.replace(/\s+/g, " ").trim();
}

function reachable(element) {
  return !element.closest("dialog:not([open]), [hidden], [data-palette]") && labelOf(element) !== "";
}

function commands(text) {
  const wanted = text.trim().toLowerCase();
  const found = new Map();
  for (const element of document.querySelectorAll(SOURCES.join(","))) {
    const label = labelOf(element);
    if (!found.has(label) && reachable(element) && label.toLowerCase().includes(wanted)) found.set(label, element);
    if (found.size === MOST) break;
  }
  return found;
}

function close(list) {
  list.hidden = true;
  list.replaceChildren();
}

function run(list, target) {
  close(list);
  target.click();
  if (target.matches("label")) target.control?.focus();
}

function fill(field, list) {
  const buttons = [...commands(field.value)].map(([label, target]) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "nk-menu-item w-full";
    button.textContent = label;
    button.addEventListener("click", () => run(list, target));
    return button;
  });
  list.querySelectorAll("button").forEach((each) => each.remove());
  list.append(...buttons);
  list.hidden = buttons.length === 0;
}

function walk(field, list, event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (event.key === "Escape" && !list.hidden) {
    close(list);
    field.focus();
    close(list);
    event.stopPropagation();
    return;
  }
  if (!step || list.hidden) return;
  const stops = [field, ...list.querySelectorAll("button")];
  const at = stops.indexOf(document.activeElement);
  stops[(at + step + stops.length) % stops.length]?.focus();
  event.preventDefault();
}

export function openPalette(field) {
  const form = field.closest("form");
  const list = form?.querySelector("[data-palette]");
  if (!list) return;
  if (!form.dataset.palette) {
    form.dataset.palette = "on";
    field.addEventListener("input", () => fill(field, list));
    form.addEventListener("keydown", (event) => walk(field, list, event));
    document.addEventListener("focusin", (event) => form.contains(event.target) || close(list));
    document.addEventListener("pointerdown", (event) => form.contains(event.target) || close(list));
  }
  fill(field, list);
}
