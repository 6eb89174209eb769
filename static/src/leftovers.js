// Where nothing can be answered now: what was typed there and never reached the portal is shown, to be copied.
import { Keep } from "./keep.js";

const SAYS = "Dit typte u nog. Het is niet opgeslagen. U kunt hier nu niets veranderen. ";
const COPY = "Kopieer het als u het wilt bewaren.";
const COMES_BACK = "Het komt terug in het veld als u hier weer kunt antwoorden.";

function element(name, className, text) {
  return Object.assign(document.createElement(name), { className, textContent: text });
}

/** One entry of the store at its question; gives whether the store can let go of it. */
export function showLeftover(question, { fields }, name) {
  const card = document.getElementById(question);
  if (!card) return false;
  const isOver = card.dataset.shut === "closed";
  const texts = [fields.reason, fields.explanation].filter(Boolean);
  if (!texts.length) return isOver; // a choice alone is nothing to copy
  const notice = element("div", "notice stack", "");
  const done = element("button", "nl-button nl-button--secondary", "Verwijder deze tekst van dit apparaat");
  done.type = "button";
  done.addEventListener("click", () => { localStorage.removeItem(name); notice.remove(); });
  const words = SAYS + (isOver ? COPY : COMES_BACK);
  notice.append(element("p", "", words), ...texts.map((text) => element("p", "as-typed", text)), done);
  card.append(notice);
  return false;
}

export function showLeftovers(form) {
  const { keepUser: user, keepRound: round, keepKey: key } = form.dataset;
  new Keep({ user, round, key }).leftovers(showLeftover);
}
