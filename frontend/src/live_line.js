// How a page reaches the one connection of its browser: through a shared worker; else through the page that holds
// the lock; else by a connection of its own. Returns `say(message)`; `heard(message)` is called for each answer.
import { Channel } from "./live_channel.js";

export function openLine(worker, heard) {
  if (worker && "SharedWorker" in window) {
    try {
      const { port } = new SharedWorker(worker, { name: "neike-live", type: "module" });
      port.onmessage = ({ data }) => heard(data);
      return (message) => port.postMessage(message);
    } catch {
      // refused by the browser's settings: the next way
    }
  }
  if ("BroadcastChannel" in window && navigator.locks) return openShared(heard);
  return openAlone(heard);
}

function openShared(heard) {
  const id = crypto.randomUUID();
  const wire = new BroadcastChannel("neike-live");
  let shown;
  wire.onmessage = ({ data }) => {
    if (data.to === id) heard(data.message);
    if (data.who && shown) wire.postMessage({ from: id, message: shown });
  };
  navigator.locks.request("neike-live", () => lead());
  return (message) => {
    if (message.show) shown = message;
    wire.postMessage({ from: id, message });
  };
}

// Hold the connection for all pages until this page goes; the next one in the queue of the lock takes over.
function lead() {
  const channel = new Channel();
  const wire = new BroadcastChannel("neike-live");
  wire.onmessage = ({ data }) => {
    const { from, message } = data;
    if (message?.show && from) {
      channel.show(from, {
        ...message.show,
        post: (words) => wire.postMessage({ to: from, message: words }),
      });
    }
    if (message?.bye && from) channel.bye(from);
  };
  wire.postMessage({ who: true });
  return new Promise(() => {});
}

function openAlone(heard) {
  const channel = new Channel();
  return (message) => {
    if (message.show) channel.show("self", { ...message.show, post: heard });
    if (message.bye) channel.bye("self");
  };
}
