// In a round that was closed meanwhile: what was typed and never reached the portal is shown, to be copied.
import { Keep } from "./keep.js";

const SAYS = "Dit typte u nog voordat de ronde gesloten was. Het is niet opgeslagen. Kopieer het als u het wilt bewaren.";

function element(name, className, text) {
  return Object.assign(document.createElement(name), { className, textContent: text });
}

export function showLeftovers(form) {
  const { keepUser: user, keepRound: round, keepKey: key } = form.dataset;
  new Keep({ user, round, key }).leftovers((question, { fields }, name) => {
    const card = document.getElementById(question);
    const texts = [fields.reason, fields.explanation].filter(Boolean);
    if (!card || !texts.length) return !texts.length; // a choice alone is nothing to copy
    const notice = element("div", "notice stack", "");
    const done = element("button", "nl-button nl-button--secondary", "Verwijder deze tekst van dit apparaat");
    done.type = "button";
    done.addEventListener("click", () => { localStorage.removeItem(name); notice.remove(); });
    notice.append(element("p", "", SAYS), ...texts.map((text) => element("p", "as-typed", text)), done);
    card.append(notice);
    return false;
  });
}
