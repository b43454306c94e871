// What is to be sent, one gesture at a time, kept on this device until the server answers.
const STORE = "ptsm-cells:";
const WAITS = [1000, 2000, 4000, 8000, 15000];
const PATIENCE = 20000;
// A click that cycles a cell again is the same gesture, as long as it was not sent.
const SETTLES = 300;
const MOST_TOKENS = 300;
const JSON_TYPE = "application/json";

const silently = (act, otherwise) => {
  try { return act(); } catch { return otherwise; }
};

export class Queue {
  constructor({ root, onChange, onSettled }) {
    Object.assign(this, { root, onChange, onSettled });
    this.prefix = `${STORE}${root.dataset.user}:${root.dataset.project}:`;
    this.csrf = root.querySelector("[name=csrfmiddlewaretoken]").value;
    this.tries = 0;
    this.sent = [];
    this.trouble = "";
    this.isSending = false;
    this.entries = this.stored();
    window.addEventListener("online", () => this.hurry());
    document.addEventListener("visibilitychange", () => document.hidden || this.hurry());
  }

  // Each gesture has its own place: two tabs do not write over each other, and a gesture that both
  // send is one, by its token.
  stored() {
    const keys = silently(() => Object.keys(localStorage), []).filter((key) => key.startsWith(this.prefix));
    return keys.sort().map((key) => silently(() => JSON.parse(localStorage.getItem(key)), null)).filter(Boolean);
  }
  keep(entry) { silently(() => localStorage.setItem(this.prefix + entry.id, JSON.stringify(entry))); }
  forget(entry) { silently(() => localStorage.removeItem(this.prefix + entry.id)); }

  push(entry) {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    entry.token = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    entry.id = `${Date.now()}-${String(this.rank = (this.rank ?? 0) + 1).padStart(6, "0")}-${entry.token}`;
    // What this page sent before is not « somebody else’s » when a row is to be moved.
    if (!entry.cells) entry.mine = [...this.sent, ...this.entries.map(({ token }) => token)];
    this.entries.push(entry);
    this.keep(entry);
    this.onChange();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.run(), this.tries ? this.wait() : SETTLES);
    return entry;
  }

  // The last gesture, when it can still become another.
  unsent() {
    const last = this.entries.at(-1);
    return last && !last.isSent ? last : null;
  }

  drop(entry) {
    this.entries = this.entries.filter((other) => other !== entry);
    this.forget(entry);
    this.onChange();
  }

  wait() { return WAITS[Math.min(this.tries, WAITS.length) - 1] ?? 0; }
  hurry() {
    if (!this.entries.length) return;
    clearTimeout(this.timer);
    this.run();
  }

  async run() {
    if (this.isSending) return;
    this.isSending = true;
    this.onChange();
    while (this.entries.length) {
      const entry = this.entries[0];
      entry.isSent = true;
      const answer = await this.send(entry);
      if (answer.trouble) {
        this.trouble = answer.trouble;
        this.tries += 1;
        this.timer = setTimeout(() => this.run(), this.wait());
        break;
      }
      this.trouble = "";
      this.tries = 0;
      this.entries.shift();
      this.sent = [...this.sent.slice(-MOST_TOKENS), entry.token];
      this.forget(entry);
      await this.onSettled(entry, answer);
      this.onChange();
    }
    this.isSending = false;
    this.onChange();
  }

  send(entry) {
    const { save, shift, sheet } = this.root.dataset;
    const body = { ...entry, id: undefined, isSent: undefined, sheet: sheet ? Number(sheet) : null };
    return this.post(entry.cells ? save : shift, body);
  }

  async post(address, body, isAgain = false) {
    const headers = { "Content-Type": JSON_TYPE, Accept: JSON_TYPE, "X-Requested-With": "fetch", "X-CSRFToken": this.csrf };
    const response = await this.ask(address, { method: "POST", headers, body: JSON.stringify(body) });
    if (response.trouble) return response;
    const isOurs = response.headers.get("Content-Type")?.startsWith(JSON_TYPE);
    if (response.status === 403 && !isOurs) {
      if (isAgain) return { trouble: "session" };
      return (await this.renew()) ? this.post(address, body, true) : { trouble: "session" };
    }
    if (response.status >= 500 || response.status === 429) return { trouble: "serveur" };
    const said = isOurs ? await response.json().catch(() => null) : { sentence: "Ces cases n’ont pas été acceptées\u00a0: rechargez la page." };
    if (!said) return { trouble: "réseau" };
    return { ...said, isRefused: !response.ok };
  }

  // A GET or a POST that never throws; a page of sign-in is told from an answer.
  async ask(address, options = {}) {
    try {
      const response = await fetch(address, { redirect: "manual", credentials: "same-origin", signal: AbortSignal.timeout(PATIENCE), ...options });
      return response.type === "opaqueredirect" || response.status === 401 ? { trouble: "session" } : response;
    } catch {
      return { trouble: "réseau" };
    }
  }

  // The form token of a session opened since; never somebody else's session.
  async renew() {
    const response = await this.ask(`${this.root.dataset.since}?jeton`, { headers: { Accept: JSON_TYPE } });
    const said = response.ok ? await response.json().catch(() => ({})) : {};
    if (!said.csrf || String(said.user) !== this.root.dataset.user) return false;
    this.csrf = said.csrf;
    return true;
  }
}
