// Signing in again on the page itself, so that nothing that was typed goes away.
import { HEADERS } from "./send.js";

const parse = (text) => new DOMParser().parseFromString(text, "text/html");
const tokenIn = (page) => page.querySelector("[name=csrfmiddlewaretoken]")?.value;
const RETURN = "Doe dat met de link hieronder, in een nieuw venster, en kom terug naar dit venster. Uw antwoorden worden dan opgeslagen.";
const FAILED = "Het inloggen lukt nu niet. Probeer het straks opnieuw.";

/** Who is signed in now: "same" (the page then has a token of now), "nobody", "somebody else" or "unknown". */
export async function renew(form) {
  try {
    const reply = await fetch(location.pathname, { headers: HEADERS, redirect: "error", cache: "no-store" });
    if (reply.status === 401) return "nobody";
    const page = parse(await reply.text());
    const theirs = page.querySelector("form[data-keep-user]");
    // A page of the portal without this form: the theme is of somebody else, or the round was closed meanwhile.
    if (!theirs) return page.querySelector("[data-sign-out]")?.dataset.user === form.dataset.keepUser ? "same" : "somebody else";
    if (theirs.dataset.keepUser !== form.dataset.keepUser) return "somebody else";
    for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = tokenIn(theirs);
    return "same";
  } catch {
    return "unknown";
  }
}

/** Sends the form's fields to the sign-in page; what there is to say when that is not enough, else nothing. */
async function signIn(form) {
  const page = await fetch(form.action, { cache: "no-store" });
  if (page.redirected) return {}; // signed in meanwhile, in another window
  const body = new URLSearchParams(new FormData(form));
  body.set("csrfmiddlewaretoken", tokenIn(parse(await page.text())));
  const headers = { "X-Requested-With": "XMLHttpRequest" }; // django-allauth answers in JSON
  const reply = await fetch(form.action, { method: "POST", body, headers });
  const said = await reply.json();
  if (reply.ok) return furtherOn(said);
  const errors = [said.form, ...Object.values(said.form.fields)].flatMap((one) => one.errors);
  return { text: errors.join(" ") || FAILED };
}

/** Where the right password is not enough: a second factor is asked, or the organisation has its own way in. */
function furtherOn({ location: next, html }) {
  if (next?.includes("/tweede-stap/")) return { text: `Uw wachtwoord klopt. Er is nog een tweede stap nodig. ${RETURN}`, next };
  const own = html && parse(html).querySelector("a[href*='/account/organisatie/']");
  return own ? { text: `U kunt alleen inloggen via uw organisatie. ${RETURN}`, next: own.getAttribute("href") } : {};
}

/** The dialog of the page; `onBack` is called when the person is there again. */
export class SignIn {
  #fault;
  #password;

  // A guest's dialog has no form: their link, opened in another window, brings them back.
  constructor(dialog, form, sender) {
    Object.assign(this, { dialog, form, sender });
    this.#fault = dialog.querySelector("[role=alert]");
    this.#password = dialog.querySelector("[type=password]");
    dialog.querySelector("form")?.addEventListener("submit", (event) => this.#submit(event));
    dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
    // Signed in in another window, as with single sign-on: seen on coming back to this one.
    document.addEventListener("visibilitychange", () => { if (!document.hidden) this.#look(); });
    window.addEventListener("focus", () => this.#look());
  }

  /** Opens at once, or when the field is left: what is being typed must not end up in a password. */
  ask() {
    const field = document.activeElement;
    if (!field?.matches("textarea")) return this.open();
    field.addEventListener("blur", () => setTimeout(() => this.sender.held && this.open()), { once: true });
  }

  open() {
    if (!this.dialog.open) this.dialog.showModal();
  }

  #say(text) {
    this.#fault.textContent = text;
    this.#fault.hidden = !text;
  }

  async #submit(event) {
    event.preventDefault();
    this.#say("");
    try {
      const { text, next } = await signIn(event.target);
      if (text) this.#say(text);
      if (next) return this.#lead(next);
      if (text) return this.#password.select();
      if (!(await this.#look())) this.#say(FAILED);
    } catch {
      this.#say(FAILED);
    }
    if (this.dialog.open) this.#password.select();
  }

  /** To where it goes on, in another window. */
  #lead(next) {
    const link = this.dialog.querySelector("[data-elsewhere]");
    link.href = next;
    link.focus();
  }

  /** Whether the person is signed in; then everything that waited is sent. */
  async #look() {
    if (!this.sender.held) return true;
    const who = await renew(this.form);
    if (who === "somebody else") this.sender.hold(who);
    if (who !== "same") return false;
    if (this.#password) this.#password.value = "";
    this.dialog.close();
    this.sender.resume();
    return true;
  }
}
