// A form whose text is sent by Ctrl+Enter.
import { sends } from "./keys.js";

let watching = false;

export function startSending() {
  if (watching) return;
  watching = true;
  document.addEventListener("keydown", sends);
}
