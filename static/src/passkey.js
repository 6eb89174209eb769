// Passkeys: the browser is asked for one, and what it answers goes along in the form as it would without script.
const toBytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
const toText = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
  .replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
const named = (one) => ({ ...one, id: toBytes(one.id) });

/** What the server asks, with bytes for what JSON has as text. */
function asked({ publicKey }) {
  const options = { ...publicKey, challenge: toBytes(publicKey.challenge) };
  if (options.user) options.user = named(options.user);
  for (const list of ["excludeCredentials", "allowCredentials"]) {
    if (options[list]) options[list] = options[list].map(named);
  }
  return { publicKey: options };
}

/** What the browser answers, as JSON. */
function answered(credential) {
  const { response } = credential;
  const fields = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
  const said = Object.fromEntries(fields.filter((name) => response[name]).map((name) => [name, toText(response[name])]));
  if (response.getTransports) said.transports = response.getTransports();
  return JSON.stringify({
    id: credential.id,
    rawId: toText(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
    response: said,
  });
}

async function options(form) {
  if (form.dataset.options) return JSON.parse(form.dataset.options);
  const reply = await fetch(form.action, { headers: { Accept: "application/json" }, cache: "no-store" });
  if (!reply.ok) throw new Error(`${reply.status}`);
  return (await reply.json()).request_options;
}

/** A form with data-passkey="create" or "get": its button asks the browser, and then sends the form. */
export function startPasskey(form) {
  if (!window.PublicKeyCredential) return;
  const button = form.querySelector("[data-passkey-button]");
  const fault = form.querySelector("[role=alert]");
  for (const hidden of form.querySelectorAll("[data-with-passkeys]")) hidden.hidden = false;
  form.addEventListener("submit", async (event) => {
    if (event.submitter !== button && event.submitter) return;
    event.preventDefault();
    fault.hidden = true;
    try {
      const request = asked(await options(form));
      const credential = await navigator.credentials[form.dataset.passkey](request);
      form.querySelector("[data-credential]").value = answered(credential);
      form.submit();
    } catch {
      fault.hidden = false; // refused, cancelled, or it took too long: the browser does not say which
    }
  });
}
