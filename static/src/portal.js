// Makes pages pleasant; every page works without it.
import { startAnswers } from "./answers.js";

/** Dutch sentence for the room that is left in a text field. */
function room(left) {
  const figure = Math.abs(left).toLocaleString("nl-NL");
  if (left < 0) return `${figure} ${left === -1 ? "teken" : "tekens"} te veel`;
  return `Nog ${figure} ${left === 1 ? "teken" : "tekens"}`;
}

/** Counts down below a text field. The browser's own limit would cut a pasted text off without a word. */
function startCounter(field) {
  const counter = document.getElementById(`${field.id}_counter`);
  const limit = Number(field.dataset.maxlength ?? field.maxLength);
  if (!counter || !(limit > 0)) return;
  field.removeAttribute("maxlength");
  const spoken = document.createElement("span");
  spoken.className = "visually-hidden";
  spoken.setAttribute("role", "status");
  counter.after(spoken);
  let timer;
  const count = () => {
    // A line break travels as two characters and is stored as one.
    const left = limit - [...field.value].length;
    counter.textContent = room(left);
    counter.classList.toggle("counter--over", left < 0);
    clearTimeout(timer);
    // Spoken only near the end, and only when typing pauses.
    timer = setTimeout(() => { spoken.textContent = left < limit / 10 ? room(left) : ""; }, 1000);
  };
  field.addEventListener("input", count);
  count();
}

/** Warns before leaving a form that says so (data-warn-unsaved) and holds something that was not sent. */
function guardUnsaved(form) {
  let dirty = false;
  form.addEventListener("input", () => { dirty = true; });
  form.addEventListener("submit", () => { dirty = false; });
  window.addEventListener("beforeunload", (event) => { if (dirty) event.preventDefault(); });
}

/** A click beside an open menu, or Escape, closes it. */
function closeMenus(event) {
  for (const menu of document.querySelectorAll("details.account-menu[open]")) {
    const escape = event.key === "Escape";
    if (!escape && (event.type === "keydown" || menu.contains(event.target))) continue;
    if (escape && menu.contains(document.activeElement)) menu.querySelector("summary").focus();
    menu.open = false;
  }
}

/** Everything that belongs to the fields below `root`; htmx calls it again for what it puts in. */
function start(root) {
  root.querySelectorAll("textarea[data-maxlength], textarea[maxlength]").forEach(startCounter);
  root.querySelectorAll("form[data-warn-unsaved]").forEach(guardUnsaved);
  startAnswers(root);
}

start(document);
document.addEventListener("htmx:load", (event) => { if (event.detail.elt !== document.body) start(event.detail.elt); });
document.addEventListener("click", closeMenus);
document.addEventListener("keydown", closeMenus);
document.querySelector(".error-summary")?.focus();
