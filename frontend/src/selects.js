// Long lists become searchable; the plain select stays underneath and is what is sent.
import TomSelect from "tom-select/dist/esm/tom-select.js";
import removeButton from "tom-select/dist/esm/plugins/remove_button/plugin.js";

TomSelect.define("remove_button", removeButton);

function enhance(select) {
  const { noResults, remove } = select.dataset;
  select.className = "";
  const plugins = select.multiple ? { remove_button: { title: remove || "×" } } : {};
  new TomSelect(select, {
    plugins,
    maxOptions: 200,
    hidePlaceholder: true,
    render: {
      no_results: (_, escape) => `<div class="no-results">${escape(noResults || "–")}</div>`,
    },
  });
  // The plain select is still what is sent, but only the new field is read out.
  select.setAttribute("aria-hidden", "true");
}

export function enhanceSelects(root) {
  for (const select of root.querySelectorAll("select[data-enhance]:not(.tomselected)")) {
    enhance(select);
  }
}
