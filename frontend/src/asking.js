// A new request: the promise beside the form follows the chosen priority. Without scripts every priority shows its own.
export function startAsking(root) {
  for (const form of root.querySelectorAll("form[data-request]:not([data-watched])")) {
    form.dataset.watched = "";
    const show = () => {
      const chosen = form.querySelector("input[name=priority]:checked")?.value;
      for (const part of form.querySelectorAll("[data-promise]")) {
        if (chosen) part.classList.toggle("hidden", part.dataset.promise !== chosen);
      }
    };
    form.addEventListener("change", show);
    show();
  }
}
