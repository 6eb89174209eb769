// What this window makes of one question's answer: typed, on its way, acknowledged, refused or in conflict.
//
// The order of things is the server's version and a counter of this window; no clock is asked. A request of which
// the outcome is unknown is sent again as it was, before anything newer: the server then knows its own content
// again and stores it once. Only then the newer text goes, over the version that the server gave.

const PAUSE = 1000; // typing rests this long before the text is sent
const FIELDS = ["choice", "reason", "helps", "explanation"];
const GONE = "Niet opgeslagen: deze vraag is niet meer aan u gegeven. Kopieer uw tekst als u die wilt bewaren.";
const HELD = {
  "signed out": "Nog niet opgeslagen. Log eerst opnieuw in.",
  "somebody else": "Nog niet opgeslagen. Er is nu iemand anders ingelogd: laad deze pagina opnieuw.",
};

/** Each element of the reply takes the place of the one with its id; fields are never among them. */
function show(lines) {
  for (const part of lines.querySelectorAll("body > [id]")) document.getElementById(part.id)?.replaceWith(part);
}

export class Draft {
  #count = 0; // changes in this window
  #acknowledged = 0; // the count that the server has
  #sent = null; // fields, version and count of a request without an answer
  #stopped = ""; // the server refused what is typed now; in "conflict" it waits for a choice
  #timer;

  constructor(card, { keep, sender, questionnaire }) {
    Object.assign(this, { card, keep, sender, questionnaire, url: card.dataset.url });
    this.version = this.#line.querySelector("input").value;
    card.addEventListener("input", (event) => this.#typed(event));
    // Leaving a text that was sent already is no reason to send it again.
    card.addEventListener("change", () => { if (this.unsent && !this.#stopped) this.send(); });
  }

  get id() {
    return this.card.id;
  }

  get #line() {
    return document.getElementById(`${this.id}-status`);
  }

  get unsent() {
    return this.#count !== this.#acknowledged;
  }

  #controls(name) {
    return [...this.card.querySelectorAll(`[name="${this.id}-${name}"]`)];
  }

  #fields() {
    return Object.fromEntries(FIELDS.map((name) => {
      const found = this.#controls(name);
      return [name, (found.find((one) => one.checked) ?? found.find((one) => one.matches("textarea")))?.value ?? ""];
    }));
  }

  fill(fields) {
    for (const [name, value] of Object.entries(fields)) {
      for (const one of this.#controls(name)) {
        if (one.matches("textarea")) one.value = value;
        else one.checked = one.value === value;
        one.dispatchEvent(new Event("filled"));
      }
    }
  }

  #store() {
    return this.keep.put(this.id, { fields: this.#fields(), version: this.version, sent: this.#sent });
  }

  #typed(event) {
    if (!FIELDS.some((name) => event.target.name === `${this.id}-${name}`)) return;
    this.changed(event.target.matches("textarea"));
  }

  /** The fields hold something new. A text may still grow: it is sent when typing rests, a choice goes at once. */
  changed(mayGrow) {
    this.#count += 1;
    if (this.#stopped === "conflict") this.#outdated();
    else this.#stopped = "";
    this.#store();
    this.say();
    clearTimeout(this.#timer);
    if (!this.#stopped && mayGrow) this.#timer = setTimeout(() => this.send(), PAUSE);
  }

  send() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    return this.sender.add(this);
  }

  /** Sends what still waits for typing to rest. */
  flush() {
    return this.unsent && !this.#stopped ? this.send() : null;
  }

  /** The request to send: the one without an answer, else what is in the fields now. */
  async body() {
    this.#sent ??= { fields: this.#fields(), version: this.version, count: this.#count };
    if (!this.sender.down) this.#write("Bezig met opslaan");
    await this.#store();
    const body = new URLSearchParams({ questionnaire: this.questionnaire });
    for (const [name, value] of Object.entries(this.#sent.fields)) body.set(`${this.id}-${name}`, value);
    body.set(`${this.id}-version`, this.#sent.version);
    return body;
  }

  /** The server answered the request. */
  take({ kind, lines, saved }) {
    const { count } = this.#sent;
    const newest = count === this.#count;
    this.#sent = null;
    if (saved) {
      this.version = saved;
      this.#acknowledged = count;
      if (newest) this.keep.drop(this.id);
    }
    if (newest || lines?.querySelector("[data-conflict]")) {
      if (!saved) this.#stopped = lines?.querySelector("[data-conflict]") ? "conflict" : "refused";
      if (lines) show(lines);
      if (kind === "gone") this.#write(GONE, true);
    }
    if (this.unsent) {
      this.#store();
      this.say();
      if (!newest && this.#stopped === "conflict") this.#outdated();
      if (!this.#stopped && !this.#timer) this.send();
    }
  }

  /** The fields say something newer by now than the conflict shows of this window. */
  #outdated() {
    this.#line.querySelector("[data-mine]")?.replaceChildren("Zoals het hierboven staat.");
  }

  /** Input that an earlier window left behind comes back into the fields, unless somebody is at work there. */
  async restore({ fields, version, sent }) {
    if (this.unsent) return false;
    Object.assign(this, { version });
    this.#count += 1;
    this.#sent = sent && { ...sent, count: JSON.stringify(sent.fields) === JSON.stringify(fields) ? this.#count : 0 };
    this.fill(fields);
    await this.#store();
    this.say();
    this.send();
    return true;
  }

  /** After a choice between two values: the fields count as written over this version. */
  over(version, mayGrow) {
    this.version = version;
    this.#stopped = "";
    this.#line.querySelector("[data-conflict]")?.replaceWith(this.#line.querySelector(".save-status"));
    this.changed(mayGrow);
    if (!mayGrow) this.send();
  }

  /** This window lets go of what it had. */
  async forget() {
    clearTimeout(this.#timer);
    this.sender.remove(this);
    this.#acknowledged = this.#count;
    await this.keep.drop(this.id);
  }

  /** The line tells what is so at this moment. */
  say() {
    if (!this.unsent) return;
    if (this.#stopped) return;
    if (this.sender.held) this.#write(HELD[this.sender.held], true);
    else if (this.sender.down) {
      const where = this.keep.works ? "Uw antwoord is op dit apparaat bewaard." : "Laat deze pagina open.";
      this.#write(`Wacht op verbinding. ${where}`);
    } else this.#write("Nog niet opgeslagen");
  }

  #write(text, failed = false) {
    const line = this.#line.querySelector(".save-status");
    if (line.textContent !== text) line.textContent = text;
    line.className = failed ? "save-status save-status--failed" : "save-status";
    const signIn = this.#line.querySelector("[data-sign-in]");
    if (signIn) signIn.hidden = this.sender.held !== "signed out";
  }
}
