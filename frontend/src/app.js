// What every page loads. Anything only some pages need is imported when such an element appears.
import "htmx.org/dist/htmx.esm.js";
import { watchForms } from "./forms.js";
import { watchOverlays } from "./overlays.js";
import { watchTheme } from "./theme.js";
import { watchToasts } from "./toasts.js";

const LAZY = [
  ["[data-dense]", () => import("./dense_graph.js"), "drawDense"],
  ["[data-chart]", () => import("./charts.js"), "drawCharts"],
  ["select[data-enhance]", () => import("./selects.js"), "enhanceSelects"],
  ["form[data-queue], [data-undo]", () => import("./queue.js"), "startQueue"],
  ["form[data-sends]", () => import("./sending.js"), "startSending"],
  ["form[data-request]", () => import("./asking.js"), "startAsking"],
  ["[data-ticket], [data-composer]", () => import("./ticket.js"), "startTicket"],
  ["form[data-keeps]", () => import("./drafts.js"), "keepDrafts"],
  ["form[data-people]", () => import("./mentions.js"), "startMentions"],
  ["[data-live-channel]", () => import("./live.js"), "startLive"],
  ["[data-presence]", () => import("./presence.js"), "startPresence"],
  ["[data-png]", () => import("./picture.js"), "offerPictures"],
  ["[data-conditions]", () => import("./conditions.js"), "watchConditions"],
  ["[data-rows]", () => import("./rows.js"), "sortRows"],
  ["[x-data]", () => import("./alpine.js"), "startAlpine"],
];

async function loadWhatIsHere(root) {
  for (const [selector, load, start] of LAZY) {
    if (root.querySelector(selector) || root.matches?.(selector)) {
      const module = await load();
      module[start](root);
    }
  }
}

function start() {
  document.documentElement.dataset.js = "on";
  watchTheme();
  watchOverlays();
  watchForms();
  watchToasts();
  loadWhatIsHere(document);
  document.addEventListener("htmx:after:swap", () => loadWhatIsHere(document));
}

start();
