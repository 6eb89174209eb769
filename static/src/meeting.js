// The big screen of a meeting: a timer that counts down, and keys for the next and the previous question.

/** "4:05" for a number of seconds. */
function clock(seconds) {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** Counts the minutes of data-timer down; how far it is survives a reload, for as long as the window is open. */
export function startTimer(box) {
  const whole = Number(box.dataset.timer) * 60;
  const name = `portal/timer/${box.dataset.timerName}`;
  const face = box.querySelector(".timer__clock");
  const spoken = box.querySelector("[role=status]");
  const [start, reset] = ["start", "reset"].map((what) => box.querySelector(`[data-timer-do=${what}]`));
  let state = { left: whole, until: null }; // seconds when it stands still, else the moment it ends
  try {
    const kept = JSON.parse(sessionStorage.getItem(name));
    if (kept?.whole === whole) state = kept;
  } catch {
    // nothing kept, or no storage: it starts anew
  }
  let said = remaining();

  function remaining() {
    return state.until === null ? state.left : Math.max(0, Math.ceil((state.until - Date.now()) / 1000));
  }

  function change(next) {
    state = { ...next, whole };
    said = remaining();
    spoken.textContent = "";
    try {
      sessionStorage.setItem(name, JSON.stringify(state));
    } catch {
      // no storage: it only does not survive a reload
    }
    show();
  }

  function show() {
    const left = remaining();
    face.textContent = left ? clock(left) : "Tijd is om";
    box.classList.toggle("timer--over", left === 0);
    start.textContent = state.until === null ? "Start" : "Pauze";
    start.disabled = left === 0;
    if (state.until !== null && left <= 60 && said > 60) spoken.textContent = "Nog 1 minuut";
    if (left === 0 && said > 0) spoken.textContent = "De tijd is om";
    said = left;
  }

  start.addEventListener("click", () => {
    const left = remaining();
    change(state.until === null ? { left, until: Date.now() + left * 1000 } : { left, until: null });
  });
  reset.addEventListener("click", () => change({ left: whole, until: null }));
  start.hidden = reset.hidden = false;
  face.setAttribute("role", "timer");
  show();
  setInterval(() => { if (state.until !== null) show(); }, 250);
}

/** Alt with an arrow follows the link that has it in data-key; not while one types. */
export function followKeys(event) {
  if (!event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const link = document.querySelector(`a[data-key="${CSS.escape(event.key)}"]`);
  if (!link || event.target.closest("input, textarea, select, [contenteditable]")) return;
  event.preventDefault();
  link.click();
}
