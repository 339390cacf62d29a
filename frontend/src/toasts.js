// Toasts: good news leaves by itself, bad news stays until it is closed. Hovering or focusing waits.
const STAY = 8000;

function arm(toast) {
  toast.dataset.armed = "";
  let timer;
  const go = () => {
    timer = setTimeout(() => toast.remove(), STAY);
  };
  const wait = () => clearTimeout(timer);
  for (const name of ["mouseenter", "focusin"]) toast.addEventListener(name, wait);
  for (const name of ["mouseleave", "focusout"]) toast.addEventListener(name, go);
  go();
}

function armAll() {
  for (const toast of document.querySelectorAll("[data-toast-leaves]:not([data-armed])")) arm(toast);
}

// A request that never got an answer: say so, and that nothing was lost.
function connectionLost() {
  const template = document.getElementById("toast-offline");
  const stack = document.getElementById("toasts");
  if (!template || !stack || stack.querySelector("[data-offline]")) return;
  stack.append(template.content.cloneNode(true));
}

export function watchToasts() {
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("[data-toast-close]")) event.target.closest("[data-toast]").remove();
  });
  document.addEventListener("htmx:after:swap", armAll);
  document.addEventListener("htmx:error", connectionLost);
  armAll();
}
