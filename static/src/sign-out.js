// Signing out leaves nothing behind in this browser: no text of one's own, and none of those who were here before.
import { entries, PREFIX } from "./keep.js";

const OUT = "portal/out"; // tells the other windows
const QUESTION = "Er staat nog tekst die niet is opgeslagen. Als u nu uitlogt, bent u die kwijt. Toch uitloggen?";

function empty() {
  for (const name of entries()) localStorage.removeItem(name);
  try {
    localStorage.setItem(OUT, String(Math.random()));
  } catch {
    // no storage: nothing was kept either
  }
}

export function guardSignOut() {
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-sign-out]");
    if (!form) return;
    if (entries(`${PREFIX}${form.dataset.user}/`).length && !window.confirm(QUESTION)) event.preventDefault();
    else empty();
  });
  // What another window shows is of somebody who left.
  window.addEventListener("storage", (event) => { if (event.key === OUT) location.reload(); });
}
