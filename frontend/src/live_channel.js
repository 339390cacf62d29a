// One connection to the server for any number of pages: asks for what all of them show, tells each what changed.
// Lives in a shared worker; where a browser has none, in one of its pages.

const SILENCE = 40_000; // the server speaks every 15 seconds
const PATIENCE = 4_000; // shorter gaps are not worth a word
const LONGEST = 30_000;
const MEMORY = 5_000;
const MOST = 100;

const jitter = (milliseconds) => milliseconds * (0.7 + Math.random() * 0.6);

export class Channel {
  constructor() {
    this.pages = new Map(); // id -> {url, topics, since, post}
    this.topics = new Set();
    this.recent = []; // [when, words]: for pages that join after something was told
    this.failures = 0;
    setInterval(() => this.source && Date.now() - this.heard > SILENCE && this.fail(), 10_000);
  }

  // A page shows these topics, as they were at `since` (the server's milliseconds).
  show(id, page) {
    this.pages.set(id, page);
    for (const [when, words] of this.recent) {
      if (Date.now() - when < MEMORY) this.tell(page, words);
    }
    if (this.live !== undefined) page.post({ live: this.live });
    this.sync(page.since);
  }

  bye(id) {
    this.pages.delete(id);
    if (!this.pages.size) this.close();
  }

  wanted() {
    const all = [...this.pages.values()].reverse().flatMap((page) => page.topics);
    return new Set(["me", ...all].slice(0, 4 * MOST));
  }

  // Ask anew only when a page shows what nobody showed yet; what is shown no more goes with the next connection.
  sync(since) {
    const wanted = this.wanted();
    if (this.source && [...wanted].every((topic) => this.topics.has(topic))) return;
    this.since = Math.min(this.cursor ?? since, since);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.open(), 30);
  }

  open() {
    this.close();
    if (!this.pages.size) return;
    this.topics = new Set([...this.wanted()].slice(0, MOST));
    const { url } = [...this.pages.values()].at(-1);
    const query = new URLSearchParams([...this.topics].map((topic) => ["t", topic]));
    query.set("since", this.since);
    this.heard = Date.now();
    const source = new EventSource(`${url}?${query}`);
    this.source = source;
    source.onmessage = (event) => source === this.source && this.hear(event);
    source.onerror = () => source === this.source && this.fail();
  }

  close() {
    clearTimeout(this.timer);
    this.source?.close();
    this.source = null;
  }

  hear(event) {
    const { changed, streams } = JSON.parse(event.data);
    this.heard = Date.now();
    this.cursor = this.since = Number(event.lastEventId);
    if (streams !== undefined) this.streams = streams;
    this.failures = 0;
    this.say(true);
    if (!changed.length) return;
    this.recent = [...this.recent.filter(([when]) => Date.now() - when < MEMORY), [Date.now(), changed]];
    for (const page of this.pages.values()) this.tell(page, changed);
  }

  tell(page, words) {
    const own = words.includes("*") ? ["*"] : words.filter((word) => page.topics.includes(word));
    if (own.length) page.post({ changed: own });
  }

  // Connections end by themselves every minute; only one that cannot be opened again is worth telling.
  fail() {
    this.close();
    this.failures += 1;
    const steps = Math.min(1_000 * 2 ** (this.failures - 2), LONGEST);
    const pause = this.streams === false ? 5_000 : this.failures < 2 ? 200 : steps;
    this.timer = setTimeout(() => this.open(), jitter(pause));
    if (this.failures >= 2) this.say(false);
    else this.lost ??= setTimeout(() => this.say(false), PATIENCE + pause);
  }

  say(live) {
    if (live) {
      clearTimeout(this.lost);
      this.lost = null;
    }
    if (this.live === live) return;
    this.live = live;
    for (const page of this.pages.values()) page.post({ live });
  }
}
