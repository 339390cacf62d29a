// Alpine without eval, started once and only where a page asks for it.
import Alpine from "@alpinejs/csp";

let started = false;

export function startAlpine() {
  if (started) return;
  started = true;
  window.Alpine = Alpine;
  document.dispatchEvent(new CustomEvent("neike:alpine", { detail: Alpine }));
  Alpine.start();
}
