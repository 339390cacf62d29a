// What one writes in a reply or a note is kept on the server a moment after the last key, and when the page is left.
const PAUSE = 1_000;
const waiting = new Map(); // form -> timer

function body(form) {
  const data = new FormData();
  for (const name of ["csrfmiddlewaretoken", "client_key", "body"]) {
    data.append(name, form.elements[name]?.value ?? "");
  }
  data.append("kind", form.dataset.kind);
  return data;
}

function show(form, answer) {
  form.querySelector("[data-kept]").textContent = answer.kept ?? "";
  form.querySelector("[data-kept-problem]").textContent = answer.problem ?? "";
}

async function keep(form) {
  clearTimeout(waiting.get(form));
  waiting.delete(form);
  try {
    const response = await fetch(form.dataset.keeps, { method: "POST", body: body(form), redirect: "error" });
    if (form.dataset.sending !== undefined) return;
    show(form, await response.json());
  } catch {
    show(form, { problem: form.dataset.notKept });
  }
}

function later(event) {
  const form = event.target.closest?.("[data-composer]")?.form;
  if (!form?.dataset.keeps) return;
  clearTimeout(waiting.get(form));
  waiting.set(form, setTimeout(() => keep(form), PAUSE));
}

// What is sent is no draft any more.
function forget(event) {
  clearTimeout(waiting.get(event.target));
  waiting.delete(event.target);
}

function leave() {
  if (document.visibilityState !== "hidden") return;
  for (const form of [...waiting.keys()]) {
    clearTimeout(waiting.get(form));
    waiting.delete(form);
    if (form.isConnected) navigator.sendBeacon(form.dataset.keeps, body(form));
  }
}

export function keepSoon(form) {
  if (form?.dataset.keeps) keep(form);
}

let watching = false;

export function keepDrafts() {
  if (watching) return;
  watching = true;
  document.addEventListener("input", later);
  document.addEventListener("submit", forget, true);
  document.addEventListener("visibilitychange", leave);
  addEventListener("pagehide", leave);
}
