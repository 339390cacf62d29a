// Fields of a request form that show for some answers only. The server judges again; this is kindness.

function answers(root, name) {
  const inputs = [...root.querySelectorAll(`[name="${CSS.escape(name)}"]`)];
  // An input inside a part that is hidden counts as unanswered.
  const shown = inputs.filter((input) => !input.closest("[data-show-if][hidden]"));
  return shown.flatMap((input) => {
    if (input.type === "checkbox" && !input.hasAttribute("value")) return [input.checked];
    if (input.type === "checkbox" || input.type === "radio") return input.checked ? [input.value] : [];
    if (input.multiple) return [...input.selectedOptions].map((option) => option.value);
    return [input.value];
  });
}

function holds(condition, root) {
  if (condition.all) return condition.all.every((part) => holds(part, root));
  if (condition.any) return condition.any.some((part) => holds(part, root));
  if (condition.over !== undefined) {
    return answers(root, condition.field).some((answer) => Number.parseFloat(answer) > condition.over);
  }
  return answers(root, condition.field).some((answer) => condition.is.includes(answer));
}

function update(root) {
  // In the order of the page: a field that hides may hide those below it.
  for (const part of root.querySelectorAll("[data-show-if]")) {
    part.hidden = !holds(JSON.parse(part.dataset.showIf), root);
  }
}

export function watchConditions(root) {
  for (const form of root.querySelectorAll("[data-conditions]:not([data-watched])")) {
    form.dataset.watched = "";
    form.addEventListener("change", () => update(form));
    update(form);
  }
}
