// Marks in one's list the themes of which this browser still holds something that the portal does not have.
import { entries, PREFIX } from "./keep.js";

/** `page`: the element that says whose list of which round this is. */
export function markUnsent(page) {
  const { unsentUser: user, unsentRound: round } = page.dataset;
  const own = `${PREFIX}${user}/${round}/`;
  const mark = () => {
    const kept = new Set(entries(own).map((name) => name.slice(own.length).split("/")[0]));
    for (const theme of document.querySelectorAll("[data-questions]")) {
      const holds = theme.dataset.questions.split(" ").some((question) => kept.has(question));
      theme.querySelector("[data-unsent]").hidden = !holds;
    }
  };
  mark();
  window.addEventListener("storage", mark); // another window saved it, or typed on
  window.addEventListener("pageshow", mark); // back from the theme, where it was saved meanwhile
}
