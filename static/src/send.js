// Sends what waits, one request at a time for the whole page, until the server acknowledges it.

const FIRST_PAUSE = 1000;
const LONGEST_PAUSE = 60_000;
const PATIENCE = 20_000; // a request without an answer by then is sent again
const KEEPALIVE_LIMIT = 60_000; // browsers let 64 KiB outlive the page

export const HEADERS = { "HX-Request": "true" }; // the server answers with a fragment, and 401 instead of a sign-in page

/** What became of a request: a line of the portal, or the reason that there is none. */
async function post(url, body) {
  const leaving = document.visibilityState === "hidden"; // then the request may outlive the page
  try {
    const reply = await fetch(url, {
      method: "POST",
      body,
      headers: HEADERS,
      redirect: "error",
      keepalive: leaving && body.toString().length < KEEPALIVE_LIMIT,
      signal: AbortSignal.timeout(PATIENCE),
    });
    if (reply.status === 401) return { kind: "signed out" };
    if (reply.status === 403) return { kind: "token" };
    if (reply.status === 404) return { kind: "gone" };
    const lines = new DOMParser().parseFromString(await reply.text(), "text/html");
    // A page of a proxy or of a hotel's network may say 200 too. Only the portal's own line is an answer.
    const known = [200, 409, 422].includes(reply.status) && lines.querySelector(".save-line");
    return known ? { kind: "line", lines, saved: known.dataset.saved } : { kind: "down" };
  } catch {
    return { kind: "down" };
  }
}

export class Sender {
  #waiting = new Set();
  #busy = null;
  #timer;
  #pauses = 0;
  #token;
  #refused = false;
  /** Why nothing is sent now: "signed out", or "somebody else" signed in in this browser. */
  held = "";

  /** `token`: the page's CSRF field. `renew()`: finds out who is signed in, and gets the page a token of now. */
  constructor({ token, renew }) {
    this.#token = token;
    this.renew = renew;
    window.addEventListener("online", () => this.again());
    window.addEventListener("offline", () => this.#lost());
  }

  /** Whether the server could not be reached at the last attempt. */
  get down() {
    return this.#pauses > 0;
  }

  add(draft) {
    this.#waiting.add(draft);
    if (this.down || this.held) draft.say();
    return this.#run();
  }

  remove(draft) {
    this.#waiting.delete(draft);
  }

  /** Tries at once, whatever pause there was. */
  again() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    return this.#run();
  }

  #run() {
    if (this.held || this.#timer) return this.#busy ?? Promise.resolve();
    this.#busy ??= this.#work().finally(() => { this.#busy = null; });
    return this.#busy;
  }

  async #work() {
    while (this.#waiting.size && !this.held && !this.#timer) {
      const [draft] = this.#waiting;
      const body = await draft.body();
      body.set("csrfmiddlewaretoken", this.#token.value);
      const reply = await post(draft.url, body);
      if (reply.kind === "down") this.#lost();
      else if (reply.kind === "signed out") this.#ask();
      else if (reply.kind === "token") await this.#refresh();
      else this.#answered(draft, reply);
    }
  }

  #answered(draft, reply) {
    const back = this.down;
    this.#pauses = 0;
    this.#refused = false;
    this.#waiting.delete(draft);
    draft.take(reply);
    if (back) this.#tell();
  }

  /** The next attempt comes after a growing pause, with a bit of chance: not all browsers at once after a restart. */
  #lost() {
    if (this.#timer || !this.#waiting.size) return;
    const pause = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** this.#pauses) * (0.5 + Math.random() / 2);
    this.#pauses += 1;
    this.#timer = setTimeout(() => this.again(), pause);
    this.#tell();
  }

  /** The token is of before a sign-in elsewhere: once a new one, then it counts as no answer. */
  async #refresh() {
    if (this.#refused) return this.#lost();
    this.#refused = true;
    const who = await this.renew();
    if (who === "nobody") this.#ask();
    else if (who === "unknown") this.#lost();
    else if (who === "somebody else") this.hold(who);
  }

  #ask() {
    this.hold("signed out");
    this.onSignedOut?.();
  }

  hold(reason) {
    this.held = reason;
    this.#tell();
  }

  /** The person is signed in again. */
  resume() {
    this.held = "";
    this.#pauses = 0;
    this.#refused = false;
    this.#tell();
    return this.again();
  }

  #tell() {
    for (const draft of this.#waiting) draft.say();
  }
}
