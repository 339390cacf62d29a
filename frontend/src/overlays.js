// Dialogs, menus, the shortcut of search and commands, and copy buttons.
const INVOKERS = "commandForElement" in HTMLButtonElement.prototype;

// Older browsers do not know `command`/`commandfor` yet; the markup is the same for both.
function runCommand(button) {
  const dialog = document.getElementById(button.getAttribute("commandfor"));
  const command = button.getAttribute("command");
  if (!(dialog instanceof HTMLDialogElement)) return;
  if (command === "show-modal" && !dialog.open) dialog.showModal();
  if (command === "close") dialog.close();
}

function closeMenus(except) {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (!menu.contains(except)) menu.open = false;
  }
}

function menuKeys(event) {
  const menu = event.target.closest?.("details[data-menu][open]");
  if (!menu) return;
  if (event.key === "Escape") {
    menu.open = false;
    menu.querySelector("summary").focus();
    return;
  }
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const items = [...menu.querySelectorAll("a[href], button:not([disabled])")];
  const step = event.key === "ArrowDown" ? 1 : -1;
  const at = items.indexOf(document.activeElement);
  const next = at === -1 ? (step === 1 ? 0 : items.length - 1) : at + step;
  items[(next + items.length) % items.length]?.focus();
  event.preventDefault();
}

function searchKeys(event) {
  const isShortcut = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k";
  const field = document.querySelector("[data-search]");
  if (!isShortcut || !field) return;
  event.preventDefault();
  field.focus();
  field.select();
  import("./palette.js").then(({ openPalette }) => openPalette(field));
}

async function copy(button) {
  const status = button.querySelector("[data-copy-status]");
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    status.textContent = button.dataset.copied;
  } catch {
    status.textContent = button.dataset.failed;
  }
  button.dataset.done = "";
  setTimeout(() => {
    status.textContent = "";
    delete button.dataset.done;
  }, 2500);
}

export function watchOverlays() {
  document.addEventListener("click", (event) => {
    closeMenus(event.target);
    const button = event.target.closest?.("button");
    if (!button) return;
    if (!INVOKERS && button.hasAttribute("commandfor")) runCommand(button);
    if (button.hasAttribute("data-copy")) copy(button);
    if (button.hasAttribute("data-print")) print();
  });
  document.addEventListener("keydown", menuKeys);
  document.addEventListener("keydown", searchKeys);
}
