// The theme switch: a form that works without scripts; with them the change is instant.
const THEMES = { light: "neike-light", dark: "neike-dark" };

export function currentScheme() {
  const chosen = document.documentElement.dataset.theme;
  if (chosen) return chosen === THEMES.dark ? "dark" : "light";
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

function announce() {
  document.dispatchEvent(new CustomEvent("neike:theme", { detail: currentScheme() }));
}

function apply(choice) {
  const root = document.documentElement;
  if (THEMES[choice]) root.dataset.theme = THEMES[choice];
  else delete root.dataset.theme;
  for (const button of document.querySelectorAll("[data-theme-choice]")) {
    button.setAttribute("aria-pressed", String(button.value === choice));
  }
  announce();
}

export function watchTheme() {
  document.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (!event.target.matches("[data-theme-form]") || !button?.value) return;
    event.preventDefault();
    const body = new FormData(event.target, button);
    apply(button.value);
    fetch(event.target.action, { method: "POST", body, redirect: "manual" });
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", announce);
}
