// Counts down below a text field.

/** Dutch sentence for the room that is left in a text field. */
function room(left) {
  const figure = Math.abs(left).toLocaleString("nl-NL");
  if (left < 0) return `${figure} ${left === -1 ? "teken" : "tekens"} te veel`;
  return `Nog ${figure} ${left === 1 ? "teken" : "tekens"}`;
}

/** The browser's own limit would cut a pasted text off without a word. */
export function startCounter(field) {
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
    // Said when it matters: an empty field has room enough.
    counter.textContent = left < limit / 4 ? room(left) : "";
    counter.classList.toggle("counter--over", left < 0);
    clearTimeout(timer);
    // Spoken only near the end, and only when typing pauses.
    timer = setTimeout(() => { spoken.textContent = left < limit / 10 ? room(left) : ""; }, 1000);
  };
  field.addEventListener("input", count);
  field.addEventListener("filled", count); // by a script, which makes no "input"
  count();
}
