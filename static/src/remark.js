// What is typed in a thread and not yet placed is kept like an answer (keep.js): through a closed tab, a lost
// connection and an expired session.
import { Keep } from "./keep.js";

const NAME = "remark";

/** `talk`: the part of the page that htmx puts anew when something is said; it holds the form, if there is one. */
export function startRemark(talk) {
  const { remarkUser: user, remarkPlace: round, remarkKey: key } = talk.dataset;
  const keep = new Keep({ user, round, key });
  const field = () => talk.querySelector("textarea");
  const fill = (text) => {
    if (!field()) return;
    field().value = text;
    field().dispatchEvent(new Event("filled"));
  };
  const note = () => (field()?.value ? keep.put(NAME, { text: field().value }) : keep.drop(NAME));
  talk.addEventListener("input", note);
  let sent, typed;
  talk.addEventListener("htmx:beforeRequest", () => { sent = field().value; });
  talk.addEventListener("htmx:beforeSwap", () => { typed = field().value; });
  talk.addEventListener("htmx:afterSwap", () => {
    if (typed !== sent) fill(typed); // typing went on meanwhile
    note(); // placed: the field is empty; refused: the text is there again
  });
  window.addEventListener("beforeunload", (event) => { if (!keep.works && field()?.value) event.preventDefault(); });
  for (const fault of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
    talk.addEventListener(fault, () => {
      const line = talk.querySelector("[data-failed]");
      if (line) line.hidden = false;
    });
  }
  keep.leftovers(async (_, { text }) => {
    if (!field() || field().value) return false;
    fill(text);
    await note();
    return true;
  });
}
