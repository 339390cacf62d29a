// What all single-key shortcuts share: never while somebody types, never with a modifier, never when switched off.

export function typing(target) {
  return target.matches?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
}

export function single(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return false;
  return !typing(event.target) && !document.querySelector("[data-quiet], dialog[open]");
}

export function showKeys() {
  const dialog = document.getElementById("keys");
  if (dialog && !dialog.open) dialog.showModal();
}

// Ctrl+Enter sends what one is writing.
export function sends(event) {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
  const form = event.target.closest?.("textarea")?.form;
  if (!form) return;
  event.preventDefault();
  form.requestSubmit();
}
