// Makes pages pleasant; every page works without it.
import { startAnswers } from "./answers.js";
import { startCheck } from "./check.js";
import { startCounter } from "./counter.js";
import { followKeys, startTimer } from "./meeting.js";
import { showLost } from "./leftovers.js";
import { startPasskey } from "./passkey.js";
import { startRemark } from "./remark.js";
import { guardSignOut } from "./sign-out.js";
import { markUnsent } from "./unsent.js";

/** Warns before leaving a form that says so (data-warn-unsaved) and holds something that was not sent. */
function guardUnsaved(form) {
  let dirty = false;
  form.addEventListener("input", () => { dirty = true; });
  form.addEventListener("submit", () => { dirty = false; });
  window.addEventListener("beforeunload", (event) => { if (dirty) event.preventDefault(); });
}

/** What was refused (422) or came too late (409) is shown in its place, like what was taken. */
function showRefusal({ detail }) {
  if ([409, 422].includes(detail.xhr.status)) Object.assign(detail, { shouldSwap: true, isError: false });
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
}

start(document);
document.querySelectorAll("form[data-keep-user]").forEach(startAnswers);
document.querySelectorAll("[data-remark-user]").forEach(startRemark);
document.querySelectorAll("[data-unsent-user]").forEach(markUnsent);
document.querySelectorAll("[data-lost-user]").forEach(showLost);
document.querySelectorAll("form[data-check-file]").forEach(startCheck);
document.querySelectorAll("form[data-passkey]").forEach(startPasskey);
document.querySelectorAll("[data-timer]").forEach(startTimer);
guardSignOut();
document.addEventListener("htmx:load", (event) => { if (event.detail.elt !== document.body) start(event.detail.elt); });
document.addEventListener("htmx:beforeSwap", showRefusal);
document.addEventListener("click", closeMenus);
document.addEventListener("keydown", closeMenus);
document.addEventListener("keydown", followKeys);
document.querySelector(".error-summary")?.focus();
