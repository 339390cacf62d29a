// Parts of a page that follow what changes elsewhere. A part is an element with an id, `data-live` (the topics it shows)
// and htmx's attributes for fetching it again on `live-changed`. What somebody is writing is never touched.
import { openLine } from "./live_line.js";

const GAP = 1_000; // a part is fetched at most so often
const WITHOUT = 30_000; // and so often where there is no connection
const SPEAK = 30_000;
const FRESH = 2_500;

const parts = new Map(); // id -> {dirty, running, free, timer, next}
let say = () => {};
let live = true;

const elements = () => [...document.querySelectorAll("[data-live][id]")];
const topicsOf = (element) => element.dataset.live.split(" ").filter(Boolean);

function part(id) {
  if (!parts.has(id)) parts.set(id, { free: 0 });
  return parts.get(id);
}

function mark(words) {
  for (const element of elements()) {
    if (words.includes("*") || topicsOf(element).some((topic) => words.includes(topic))) {
      part(element.id).dirty = true;
    }
  }
  flush();
}

// Fetch what is dirty, if anybody looks; a slow server is asked less often.
function flush() {
  if (document.visibilityState !== "visible") return;
  for (const element of elements()) {
    const state = part(element.id);
    if (!state.dirty || state.running) continue;
    clearTimeout(state.timer);
    const wait = state.free - Date.now();
    if (wait > 0) {
      state.timer = setTimeout(flush, wait);
      continue;
    }
    state.dirty = false;
    state.running = Date.now();
    window.htmx.trigger(element, "live-changed");
  }
}

function finished(event) {
  const id = event.detail?.ctx?.sourceElement?.id;
  const state = id && parts.get(id);
  if (!state?.running) return;
  const took = Date.now() - state.running;
  state.running = 0;
  state.free = Date.now() + Math.max(GAP, 10 * took);
  plan();
  flush();
}

// What time alone changes (a promise that becomes late) is fetched when the server said it will have changed.
function plan() {
  for (const element of elements()) {
    const state = part(element.id);
    clearTimeout(state.next);
    const seconds = Number(element.dataset.liveNext);
    if (!seconds) continue;
    state.next = setTimeout(() => {
      state.dirty = true;
      flush();
    }, seconds * 1_000);
  }
}

const isLive = (ctx) => ctx?.sourceElement?.matches?.("[data-live][id]") && parts.get(ctx.sourceElement.id)?.running;

function inUse(element) {
  if (element.contains(document.activeElement)) return true;
  const fields = element.querySelectorAll("textarea, input:not([type=hidden], [type=radio], [type=checkbox])");
  return [...fields].some((field) => field.value !== field.defaultValue || field.value.trim());
}

let kept;

// Before news come in: what somebody writes in stays as it is, and is put back if it would be gone.
function protect(event) {
  const { ctx } = event.detail;
  if (!isLive(ctx)) return;
  const held = [...document.querySelectorAll("dialog[open], [data-live-keep]")].filter(
    (element) => element.matches("dialog") || inUse(element),
  );
  for (const element of held) element.setAttribute("hx-morph-skip", "");
  const active = document.activeElement;
  kept = {
    held: held.map((element) => [element, element.parentElement]),
    row: [...document.querySelectorAll("[data-row]")].indexOf(active?.closest?.("[data-row]")),
    active,
    texts: new Map([...document.querySelectorAll("[data-row]")].map((row) => [row.id, row.textContent])),
    says: ctx.sourceElement.dataset.liveSays,
  };
}

function settle() {
  if (!kept) return;
  const { held, row, active, texts, says } = kept;
  kept = null;
  for (const [element, parent] of held) {
    element.removeAttribute("hx-morph-skip");
    if (!element.isConnected && parent?.isConnected) parent.append(element);
  }
  const rows = [...document.querySelectorAll("[data-row]")];
  if (row >= 0 && !active.isConnected && rows.length) {
    rows[Math.min(row, rows.length - 1)].querySelector("[data-open]")?.focus({ preventScroll: true });
  }
  for (const each of rows) {
    if (texts.size && texts.get(each.id) !== each.textContent) glow(each);
  }
  const news = document.getElementById("live-news");
  if (says && news) news.textContent = news.textContent === says ? `${says}\u00a0` : says;
}

function glow(row) {
  row.setAttribute("data-fresh", "");
  setTimeout(() => row.removeAttribute("data-fresh"), FRESH);
}

function hear(message) {
  if (message.changed) mark(message.changed);
  if (message.live === undefined) return;
  live = message.live;
  document.getElementById("live").dataset.liveOn = live ? "yes" : "no";
  const sign = document.getElementById("live-state");
  if (sign) sign.hidden = live;
}

function show(channel) {
  const topics = [...new Set(elements().flatMap(topicsOf))];
  say({ show: { url: channel.dataset.liveChannel, topics, since: Number(channel.dataset.liveSince) } });
}

export function startLive() {
  const channel = document.querySelector("[data-live-channel]");
  if (!channel || channel.dataset.watched !== undefined) return;
  channel.dataset.watched = "";
  document.addEventListener("htmx:before:swap", protect);
  document.addEventListener("htmx:after:swap", settle);
  document.addEventListener("htmx:finally:request", finished);
  document.addEventListener("visibilitychange", flush);
  plan();
  const url = channel.dataset.liveChannel;
  live = Boolean(url);
  setInterval(() => !live && mark(["*"]), WITHOUT);
  if (!url) return;
  say = openLine(channel.dataset.liveWorker, hear);
  show(channel);
  setInterval(() => say({ alive: true }), SPEAK);
  addEventListener("pagehide", () => say({ bye: true }));
  addEventListener("pageshow", (event) => event.persisted && show(channel));
}
