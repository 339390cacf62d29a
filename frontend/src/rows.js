// Rows of an editor that can be dragged into another order; the buttons beside them do the same by keyboard.

let dragged = null;

function number(container) {
  [...container.querySelectorAll("[data-order]")].forEach((input, place) => {
    input.value = String(place + 1);
  });
  const form = container.closest("form");
  form.requestSubmit(form.querySelector('button[name="do"][value="preview"]'));
}

function over(event) {
  const row = event.target.closest("[data-row]");
  if (!dragged || !row || row === dragged) return;
  event.preventDefault();
  const box = row.getBoundingClientRect();
  row[event.clientY < box.top + box.height / 2 ? "before" : "after"](dragged);
}

export function sortRows(root) {
  for (const container of root.querySelectorAll("[data-rows]:not([data-sortable])")) {
    container.dataset.sortable = "";
    container.addEventListener("dragstart", (event) => {
      if (!event.target.closest("[data-drag]")) return;
      dragged = event.target.closest("[data-row]");
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setDragImage(dragged, 0, 0);
    });
    container.addEventListener("dragover", over);
    container.addEventListener("dragend", () => {
      if (dragged) number(container);
      dragged = null;
    });
  }
}
