// Saves each answer by itself the moment it is given. The line beside the question tells the truth at every moment.
// Without script the button below the theme does the same work.
import { startCounter } from "./counter.js";
import { Draft } from "./draft.js";
import { Keep } from "./keep.js";
import { showLeftover, showLeftovers } from "./leftovers.js";
import { HEADERS, Sender } from "./send.js";
import { renew, SignIn } from "./sign-in.js";

const NO_CONNECTION = "Dat lukte niet: er is geen verbinding. Probeer het straks opnieuw.";

/** Both texts one under the other; one that holds the other stays as it is. */
function joined(mine, theirs) {
  if (mine.includes(theirs)) return mine;
  return theirs.includes(mine) ? theirs : `${mine}\n\n${theirs}`;
}

class Answers {
  #drafts = new Map();

  constructor(form) {
    this.form = form;
    const { keepUser: user, keepRound: round, keepKey: key } = form.dataset;
    this.keep = new Keep({ user, round, key });
    this.sender = new Sender({ token: form.elements.csrfmiddlewaretoken, renew: () => renew(form) });
    this.signIn = new SignIn(document.getElementById("sign-in"), form, this.sender);
    this.sender.onSignedOut = () => this.signIn.ask();
    form.querySelectorAll("[data-autosave]").forEach((card) => this.#watch(card));
    form.addEventListener("click", (event) => this.#clicked(event));
    form.addEventListener("submit", (event) => this.#submit(event));
    document.addEventListener("visibilitychange", () => { if (document.hidden) this.#flush(); });
    window.addEventListener("beforeunload", (event) => {
      if (!this.keep.works && this.#unsent.length) event.preventDefault();
    });
    this.keep.leftovers(async (question, entry, name) => {
      const draft = this.#drafts.get(question);
      return draft ? draft.restore(entry) : showLeftover(question, entry, name);
    });
  }

  get #unsent() {
    return [...this.#drafts.values()].filter((draft) => draft.unsent);
  }

  #watch(card) {
    const { keep, sender } = this;
    const questionnaire = this.form.elements.questionnaire.value;
    this.#drafts.set(card.id, new Draft(card, { keep, sender, questionnaire }));
  }

  #flush() {
    return Promise.all(this.#unsent.map((draft) => draft.flush()));
  }

  /** The button below: first everything that waits, so that the form collides with nothing of its own page. */
  async #submit(event) {
    if (!this.#unsent.length) return;
    event.preventDefault();
    const { submitter } = event;
    await this.#flush();
    if (this.sender.held) return this.signIn.open();
    const stuck = this.sender.down && this.#unsent[0];
    if (stuck) stuck.card.scrollIntoView();
    else this.#leave(submitter);
  }

  /** The page that follows says what was refused, if anything was; nothing stays to be sent from here. */
  #leave(submitter) {
    const go = document.createElement("input");
    Object.assign(go, { type: "hidden", name: submitter?.name || "next", value: submitter?.value || "" });
    this.form.append(go);
    this.form.submit();
  }

  #clicked({ target }) {
    const button = target.closest("[data-keep-mine], [data-take-theirs], [data-join], [data-sign-in]");
    if (!button) return;
    if ("signIn" in button.dataset) return this.signIn.open();
    const draft = this.#drafts.get(button.closest("[data-autosave]").id);
    if ("keepMine" in button.dataset) this.#goOn(draft, button.dataset.version);
    else if ("join" in button.dataset) this.#join(draft, button.dataset);
    else this.#take(draft, button);
  }

  #goOn(draft, version, field) {
    draft.over(version, Boolean(field));
    (field ?? draft.card.querySelector("input:checked, textarea")).focus();
  }

  /** The choice of this window, with both texts; it is saved like anything that is typed. */
  #join(draft, { version, explanation, reason }) {
    const field = (name) => draft.card.querySelector(`[name="${draft.id}-${name}"]`);
    const both = { explanation: joined(field("explanation").value, explanation) };
    if (reason) both.reason = joined(field("reason").value, reason);
    draft.fill(both);
    this.#goOn(draft, version, field("explanation"));
  }

  async #take(draft, button) {
    try {
      const reply = await fetch(draft.url, { headers: HEADERS, redirect: "error", cache: "no-store" });
      const card = new DOMParser().parseFromString(await reply.text(), "text/html").getElementById(draft.id);
      if (!reply.ok || !card) throw new Error(reply.status);
      await draft.forget();
      draft.card.replaceWith(card);
      card.querySelectorAll("textarea").forEach(startCounter);
      this.#watch(card);
      card.querySelector("input:checked, textarea").focus();
    } catch {
      button.closest("[data-conflict]").querySelector(".save-status").textContent = NO_CONNECTION;
    }
  }
}

export function startAnswers(form) {
  if ("keepClosed" in form.dataset) showLeftovers(form);
  else new Answers(form);
}
