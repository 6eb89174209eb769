// Saves an answer by itself the moment it is given. The line beside the question tells the truth at every moment:
// not saved yet, busy, saved at, or not saved and why. Without script the button below the theme does the same work.

const PAUSE = 1000; // typing rests this long before the text is sent

/** The status line of a card says this until the server's own line takes its place. */
function say(card, text, failed = false) {
  const line = card.querySelector(".save-status");
  if (!line) return;
  line.textContent = text;
  line.className = failed ? "save-status save-status--failed" : "save-status";
}

function watch(card) {
  let timer;
  const save = () => {
    clearTimeout(timer);
    window.htmx.trigger(card, "save");
  };
  card.addEventListener("input", (event) => {
    card.dataset.unsent = "";
    say(card, "Nog niet opgeslagen");
    if (!event.target.matches("textarea")) return;
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE);
  });
  // Leaving a text that was sent already is no reason to send it again.
  card.addEventListener("change", () => { if ("unsent" in card.dataset) save(); });
  card.addEventListener("click", (event) => { if (event.target.closest("[data-save-now]")) save(); });
}

/** Only this question's fields travel, with the token and the questionnaire they belong to. */
function onlyMine(event) {
  const card = event.detail.elt;
  if (!card.matches?.("[data-autosave]")) return;
  const { parameters } = event.detail;
  const common = ["csrfmiddlewaretoken", "questionnaire"];
  for (const name of [...parameters.keys()]) {
    if (!common.includes(name) && !name.startsWith(`${card.id}-`)) parameters.delete(name);
  }
}

function failed(event) {
  const card = event.detail.elt;
  if (!card.matches?.("[data-autosave]")) return;
  card.dataset.unsent = "";
  const { status } = event.detail.xhr ?? {};
  if ([409, 422].includes(status)) return; // the server's own line says it
  if (status === 401) say(card, "Niet opgeslagen: u bent niet meer ingelogd. Log in een ander venster opnieuw in en kom hier terug.", true);
  else if (status === 404) say(card, "Niet opgeslagen: deze vraag is niet meer aan u gegeven. Kopieer uw tekst als u die wilt bewaren.", true);
  else say(card, "Niet opgeslagen: geen verbinding. Laat deze pagina open en verander iets, of gebruik de knop onderaan.", true);
}

export function startAnswers(root) {
  const cards = root.matches?.("[data-autosave]") ? [root] : root.querySelectorAll("[data-autosave]");
  cards.forEach(watch);
}

document.addEventListener("htmx:configRequest", onlyMine);
document.addEventListener("htmx:beforeSend", (event) => {
  const card = event.detail.elt;
  if (!card.matches?.("[data-autosave]")) return;
  delete card.dataset.unsent;
  say(card, "Bezig met opslaan");
});
document.addEventListener("htmx:sendError", failed);
document.addEventListener("htmx:timeout", failed);
document.addEventListener("htmx:responseError", failed);
// A conflict and a fault have a line to show; htmx would otherwise drop it with the status.
document.addEventListener("htmx:beforeSwap", (event) => {
  if ([409, 422].includes(event.detail.xhr.status)) event.detail.shouldSwap = true;
});
