// Who else has this request open: tells that we do, while the page is looked at, and that we write.
const SPEAK = 20_000;
const AGAIN = 4_000;

let typed = 0;

const here = () => document.querySelector("[data-presence]");

function tell(typing) {
  const element = here();
  if (!element || document.visibilityState !== "visible") return;
  window.htmx.ajax("POST", element.dataset.presence, {
    source: element,
    target: element,
    swap: "outerMorph",
    values: { typing: typing ? "1" : "" },
  });
}

function leave() {
  const element = here();
  if (!element) return;
  const body = new FormData();
  const token = document.querySelector("[name=csrfmiddlewaretoken]")?.value;
  if (!token) return;
  body.append("csrfmiddlewaretoken", token);
  body.append("leaves", "1");
  navigator.sendBeacon(element.dataset.presence, body);
}

function write(event) {
  if (!event.target.closest?.("[data-live-keep]") || Date.now() - typed < AGAIN) return;
  typed = Date.now();
  tell(true);
}

let watching = false;

export function startPresence() {
  if (watching) return;
  watching = true;
  tell(false);
  setInterval(() => tell(Date.now() - typed < AGAIN), SPEAK);
  document.addEventListener("input", write);
  document.addEventListener("visibilitychange", () => tell(false));
  addEventListener("pagehide", leave);
}
