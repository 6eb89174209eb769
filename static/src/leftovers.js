// Where nothing can be answered now: what was typed there and never reached the portal is shown, to be copied.
import { entries, Keep, PREFIX } from "./keep.js";

const SAYS = "Dit typte u nog. Het is niet opgeslagen. U kunt hier nu niets veranderen. ";
const LOST = "dit typte u nog. Het is niet opgeslagen, en u kunt op deze vraag niet meer antwoorden. ";
const COPY = "Kopieer het als u het wilt bewaren.";
const COMES_BACK = "Het komt terug in het veld als u hier weer kunt antwoorden.";

function element(name, className, text) {
  return Object.assign(document.createElement(name), { className, textContent: text });
}

const textsOf = (fields) => [fields?.reason, fields?.explanation].filter(Boolean);

/** Shows the texts of the entry called `name` at the end of `place`, with a button that lets go of them. */
function append(place, words, texts, name) {
  const notice = element("div", "notice stack", "");
  const done = element("button", "nl-button nl-button--secondary", "Verwijder deze tekst van dit apparaat");
  done.type = "button";
  done.addEventListener("click", () => { localStorage.removeItem(name); notice.remove(); });
  notice.append(element("p", "", words), ...texts.map((text) => element("p", "as-typed", text)), done);
  place.append(notice);
}

/** One entry of the store at its question; gives whether the store can let go of it. */
export function showLeftover(question, { fields }, name) {
  const card = document.getElementById(question);
  if (!card) return false;
  const isOver = card.dataset.shut === "closed";
  const texts = textsOf(fields);
  if (!texts.length) return isOver; // a choice alone is nothing to copy
  append(card, SAYS + (isOver ? COPY : COMES_BACK), texts, name);
  return false;
}

export function showLeftovers(form) {
  const { keepUser: user, keepRound: round, keepKey: key } = form.dataset;
  new Keep({ user, round, key }).leftovers(showLeftover);
}

/**
 * What was typed at questions that went to somebody else meanwhile; their own page is closed to this person.
 * `place` names the round whose list it stands in, or else all rounds that still have a list.
 */
export function showLost(place) {
  const { lostUser: user, lostKey: key, lostRound, lostRounds = "" } = place.dataset;
  const own = `${PREFIX}${user}/`;
  const rounds = new Set(entries(own).map((name) => name.slice(own.length).split("/")[0]));
  const isHere = (round) => (lostRound ? round === lostRound : !lostRounds.split(" ").includes(round));
  for (const round of [...rounds].filter(isHere)) {
    new Keep({ user, round, key }).leftovers((question, { fields }, name) => {
      const texts = textsOf(fields);
      const isListed = document.querySelector(`[data-questions~="${question}"]`);
      if (texts.length && !isListed) append(place, `${question}: ${LOST}${COPY}`, texts, name);
      return false;
    });
  }
}
