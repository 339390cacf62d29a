// The request page: pictures pasted or dropped into a text, dialogs that close when it worked, single keys.
import { sends, showKeys, single } from "./keys.js";

function insert(area, text) {
  area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

async function send(area, file) {
  const form = area.form;
  const status = form.querySelector("[data-upload-status]");
  const body = new FormData();
  body.append("file", file, file.name || "picture.png");
  status.textContent = form.dataset.uploading;
  const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
  try {
    const response = await fetch(form.dataset.upload, { method: "POST", body, headers: { "X-CSRFToken": token } });
    const answer = await response.json();
    if (!response.ok) throw new Error(answer.message);
    insert(area, `${answer.markdown}\n`);
    form.elements.attached.value += ` ${answer.id}`;
    status.textContent = "";
  } catch (error) {
    status.textContent = error.message && error.name === "Error" ? error.message : form.dataset.failed;
  }
}

function taken(event, list) {
  const area = event.target.closest?.("[data-composer]");
  if (!area || !area.form?.dataset.upload || !list?.length) return;
  event.preventDefault();
  for (const file of list) send(area, file);
}

// What was sent and worked is finished: its dialog closes and its text is no draft any more. What failed stays as it is.
// Suggestions fetched for a field of the form are nothing sent.
function finish(event) {
  const { ctx } = event.detail;
  const form = ctx?.sourceElement;
  if (!form?.matches?.("form") || form.matches("[data-guard]") || !(ctx.response?.status < 400)) return;
  if (form.dataset.closes) document.getElementById(form.dataset.closes)?.close();
  // A draft the page came with is no text to go back to.
  for (const area of form.querySelectorAll("textarea[data-keep]")) area.defaultValue = "";
  form.reset();
  if (form.elements.attached) form.elements.attached.value = "";
  delete form.dataset.dirty;
}

// A link to an article goes into the reply, which is opened for it.
function insertLink(event) {
  const button = event.target.closest?.("[data-insert]");
  const area = button && document.getElementById(`${button.dataset.into}-body`);
  if (!area) return;
  document.getElementById(`mode-${button.dataset.into}`)?.click();
  insert(area, `${button.dataset.insert}\n`);
  area.focus();
}

function write(mode) {
  const choice = document.getElementById(`mode-${mode}`);
  if (!choice) return;
  choice.click();
  document.querySelector(`[data-panel="${mode}"]`)?.querySelector("textarea, select, input:not([type=hidden])")?.focus();
}

function press(...ids) {
  for (const id of ids) {
    const button = document.querySelector(`[id^="do-${id}"] button, [id^="open-${id}"]`);
    if (button) return button.click();
  }
}

function hide() {
  const part = document.querySelector("[data-snooze]");
  if (!part) return;
  part.open = true;
  part.querySelector("button[name=when]")?.focus();
}

function keys(event) {
  if (!single(event)) return;
  const moves = {
    r: () => write("reply"),
    n: () => write("note"),
    h: () => write("hand-over"),
    a: () => press("accept", "assign"),
    d: () => press("resolve", "deliver"),
    s: hide,
    u: () => history.back(),
    "?": showKeys,
  };
  const move = moves[event.key];
  if (!move) return;
  event.preventDefault();
  move();
}

function useMacro(event) {
  const button = event.target.closest?.("[data-macro]");
  const area = button?.form?.querySelector("[data-composer]");
  if (!area) return;
  button.closest("details").open = false;
  area.focus();
  insert(area, button.dataset.macro);
}

function findMacro(event) {
  const field = event.target.closest?.("[data-macro-search]");
  if (!field) return;
  const wanted = field.value.trim().toLowerCase();
  for (const button of field.closest("details").querySelectorAll("[data-macro]")) {
    button.hidden = !`${button.textContent} ${button.dataset.macro}`.toLowerCase().includes(wanted);
  }
}

let watching = false;

export function startTicket() {
  if (watching) return;
  watching = true;
  document.addEventListener("paste", (event) => taken(event, event.clipboardData?.files));
  document.addEventListener("click", insertLink);
  document.addEventListener("drop", (event) => taken(event, event.dataTransfer?.files));
  document.addEventListener("dragover", (event) => {
    if (event.target.closest?.("[data-composer]")) event.preventDefault();
  });
  document.addEventListener("htmx:before:swap", finish);
  document.addEventListener("keydown", keys);
  document.addEventListener("click", useMacro);
  document.addEventListener("input", findMacro);
  document.addEventListener("keydown", sends);
  if (location.hash === "#reply" || location.hash === "#note") write(location.hash.slice(1));
}
