// Writing @ offers people under the text: arrows choose, Enter or Tab takes, Escape closes. Without it @number does.
import { keepSoon } from "./drafts.js";

const PAUSE = 150;
// From an @ that begins a word up to where one writes; a name may have one blank.
const BEGUN = /(?:^|[^A-Za-z0-9._%+/@-])@([^\s@(){}<>]{0,30}(?: [^\s@(){}<>]{1,30})?)$/u;

let timer;
let asked = 0;
let closed = -1; // where the @ stands whose list was closed

const listOf = (area) => area.form.querySelector(".nk-mentions");
const options = (list) => [...list.querySelectorAll("[role=option]")];

function begun(area) {
  if (area.selectionStart !== area.selectionEnd) return null;
  const found = BEGUN.exec(area.value.slice(0, area.selectionStart));
  if (!found) return null;
  return { text: found[1], at: area.selectionStart - found[1].length - 1 };
}

function close(area) {
  clearTimeout(timer);
  asked += 1;
  const list = listOf(area);
  if (!list) return;
  list.hidden = true;
  list.replaceChildren();
  area.removeAttribute("aria-activedescendant");
}

function choose(area, option) {
  for (const each of options(listOf(area))) each.setAttribute("aria-selected", String(each === option));
  option.scrollIntoView({ block: "nearest" });
  area.setAttribute("aria-activedescendant", option.id);
}

async function offer(area) {
  const word = begun(area);
  if (!word || word.at === closed) return close(area);
  const mine = (asked += 1);
  const list = listOf(area);
  const query = new URLSearchParams({ q: word.text, for: list.id });
  let html = "";
  try {
    const response = await fetch(`${area.form.dataset.people}?${query}`, { redirect: "error" });
    if (response.ok) html = await response.text();
  } catch {
    html = "";
  }
  if (mine !== asked) return;
  list.innerHTML = html;
  const found = options(list);
  list.hidden = found.length === 0;
  const said = area.form.querySelector("[data-people-said]");
  said.textContent = found.length ? said.dataset.words.replace("[n]", found.length) : said.dataset.nobody;
  if (found.length) choose(area, found[0]);
  else area.removeAttribute("aria-activedescendant");
}

function take(area, option) {
  const word = begun(area);
  if (word) {
    area.setRangeText(`${option.dataset.person} `, word.at, area.selectionStart, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }
  close(area);
  area.focus();
  keepSoon(area.form);
}

function keys(event) {
  const area = event.target.closest?.("[data-composer]");
  const list = area?.form && listOf(area);
  if (!list || list.hidden || event.isComposing) return;
  const found = options(list);
  const at = found.findIndex((each) => each.getAttribute("aria-selected") === "true");
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) choose(area, found[(at + step + found.length) % found.length]);
  else if ((event.key === "Enter" && !event.ctrlKey && !event.metaKey) || event.key === "Tab") take(area, found[Math.max(at, 0)]);
  else if (event.key === "Escape") {
    closed = begun(area)?.at ?? -1;
    close(area);
  } else return;
  event.preventDefault();
  event.stopPropagation();
}

function typed(event) {
  const area = event.target.closest?.("[data-composer]");
  if (!area?.form?.dataset.people || event.isComposing) return;
  const word = begun(area);
  if (word?.at !== closed) closed = -1;
  if (!word) return close(area);
  clearTimeout(timer);
  timer = setTimeout(() => offer(area), PAUSE);
}

let watching = false;

export function startMentions(root) {
  for (const area of root.querySelectorAll("form[data-people] [data-composer]")) {
    area.setAttribute("aria-autocomplete", "list");
    area.setAttribute("aria-controls", listOf(area).id);
  }
  if (watching) return;
  watching = true;
  document.addEventListener("input", typed);
  document.addEventListener("compositionend", typed);
  document.addEventListener("keydown", keys, true);
  document.addEventListener("focusout", (event) => {
    const area = event.target.closest?.("[data-composer]");
    if (area?.form?.dataset.people) close(area);
  });
  document.addEventListener("pointerdown", (event) => {
    const option = event.target.closest?.(".nk-mentions [role=option]");
    if (!option) return;
    event.preventDefault();
    take(option.closest("form").querySelector("[data-composer]"), option);
  });
}
