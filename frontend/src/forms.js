// Kindness in forms: never send twice, never lose what was typed, find the first mistake.

function lockSubmit(event) {
  const form = event.target;
  if (event.defaultPrevented || form.method.toLowerCase() !== "post") return;
  if (form.dataset.sending !== undefined) {
    event.preventDefault();
    return;
  }
  form.dataset.sending = "";
  event.submitter?.setAttribute("aria-busy", "true");
}

// Coming back with the browser's back button shows the page as it was left: unlock it.
function unlockForms() {
  for (const form of document.querySelectorAll("form[data-sending]")) delete form.dataset.sending;
  for (const button of document.querySelectorAll("button[aria-busy]")) {
    button.removeAttribute("aria-busy");
  }
}

function warnUnsaved(event) {
  const dirty = document.querySelector("form[data-guard][data-dirty]:not([data-sending])");
  if (dirty) event.preventDefault();
}

function focusFirstMistake(root) {
  root.querySelector("[data-form-errors]")?.focus();
}

export function watchForms() {
  document.addEventListener("submit", lockSubmit);
  document.addEventListener("input", (event) => {
    const form = event.target.closest?.("form[data-guard]");
    if (form) form.dataset.dirty = "";
  });
  document.addEventListener("change", (event) => {
    const field = event.target;
    if (field.matches?.("[data-autosubmit]")) field.form?.requestSubmit();
  });
  addEventListener("pageshow", unlockForms);
  addEventListener("beforeunload", warnUnsaved);
  document.addEventListener("htmx:after:swap", () => focusFirstMistake(document));
  focusFirstMistake(document);
}
