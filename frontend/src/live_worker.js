// The shared worker of all pages of one browser: holds their one connection.
import { Channel } from "./live_channel.js";

const GONE = 180_000; // pages speak every 30 seconds, throttled ones every minute
const channel = new Channel();
const spoke = new Map();
let last = 0;

self.onconnect = (event) => {
  const [port] = event.ports;
  last += 1;
  const id = last;
  port.onmessage = ({ data }) => {
    spoke.set(id, Date.now());
    if (data.show) channel.show(id, { ...data.show, post: (words) => port.postMessage(words) });
    if (data.bye) forget(id);
  };
};

function forget(id) {
  spoke.delete(id);
  channel.bye(id);
}

setInterval(() => {
  for (const [id, when] of spoke) if (Date.now() - when > GONE) forget(id);
}, 60_000);
