// The check page: compares a report's file in the browser, so that it need not leave the machine.

const hex = (bytes) => [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");

/** What the page itself knows of this checksum; undefined when it is not on it. */
function onPage(sum) {
  const found = document.querySelector(`[data-sum="${sum}"]`);
  return found && { known: true, of: found.dataset.of, told: "" };
}

/** What the portal knows of this checksum: it gets the checksum and nothing else. */
async function asked(form, sum) {
  const body = new URLSearchParams({ sha256: sum, csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value });
  const answer = await fetch(form.action, { method: "POST", body });
  if (!answer.ok) throw new Error(answer.status);
  return answer.json();
}

function line(text, address) {
  const paragraph = document.createElement("p");
  paragraph.textContent = text;
  if (!address) return paragraph;
  const link = document.createElement("a");
  link.href = address;
  link.textContent = "Bekijk dit verslag";
  paragraph.append(" ", link);
  return paragraph;
}

function lines(name, { known, of, title, version, told, address }) {
  if (!known) {
    return [line(`${name}: dit bestand kennen wij niet. Het is geen aangeboden verslag, of iemand heeft het veranderd. Laat het narekenen om te zien wat er anders is.`)];
  }
  if (!title) return [line(`${name}: ongewijzigd. Dit is ${of} van dit verslag.`)];
  return [line(`${name}: ongewijzigd. Dit is ${of} van: ${title}, versie ${version}.`), line(told, address)];
}

/** Compares the chosen or dropped file as soon as it is there. The form sends it only when somebody asks for that. */
export function startCheck(form) {
  if (!crypto.subtle) return; // plain http on another machine: then only the form is left
  const input = form.elements.file;
  const told = form.querySelector("[data-told]");
  form.querySelector("[data-with-script]").hidden = false;

  async function check() {
    const [file] = input.files;
    told.replaceChildren();
    if (!file) return;
    try {
      const sum = hex(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
      told.replaceChildren(...lines(file.name, onPage(sum) ?? (await asked(form, sum))));
    } catch {
      told.replaceChildren(line("Vergelijken lukte niet. Probeer het nog eens, of laat het bestand narekenen."));
    }
  }

  input.addEventListener("change", check);
  form.addEventListener("dragover", (event) => { event.preventDefault(); form.classList.add("drop-zone--over"); });
  form.addEventListener("dragleave", () => form.classList.remove("drop-zone--over"));
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    form.classList.remove("drop-zone--over");
    if (!event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    check();
  });
}
