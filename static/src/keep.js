// Keeps what was typed or chosen and not yet acknowledged, through a closed tab and an expired session.
//
// Who uses this laptop next can read nothing of it: each entry is encrypted (AES-GCM) with a key that the server
// gives only to the signed-in person's own page and that no script writes down. The names of the entries hold
// numbers (user, round), the question's code and a random window, no names. Signing out removes the entries of
// everybody. localStorage and not IndexedDB: what was written there survives a tab that is closed the next moment.

export const PREFIX = "portal/keep/";
const LOCK = "portal/window/";

/** The names of all entries that begin with this. */
export function entries(prefix = PREFIX) {
  try {
    return Object.keys(localStorage).filter((name) => name.startsWith(prefix));
  } catch {
    return []; // storage is switched off
  }
}

const toText = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
const toBytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

export class Keep {
  #own = `${PREFIX}`;
  #window = crypto.getRandomValues(new Uint32Array(2)).join("-");
  #key;
  #last = Promise.resolve();
  /** Whether everything unsent is in the store; where it is not, the page warns before it closes. */
  works = Boolean(crypto.subtle);

  /** `key`: 64 hexadecimal digits from the server, of this user alone. */
  constructor({ user, round, key }) {
    this.#own = `${PREFIX}${user}/${round}/`;
    const bytes = Uint8Array.from(key.match(/../g), (pair) => parseInt(pair, 16));
    this.#key = crypto.subtle?.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
    // Held as long as this window lives: other windows leave its entries alone until then.
    navigator.locks?.request(LOCK + this.#window, () => new Promise(() => {}));
  }

  #name(question) {
    return `${this.#own}${question}/${this.#window}`;
  }

  /** One after the other: an older value must not be written over a newer one. */
  #inTurn(work) {
    this.#last = this.#last.then(work).catch(() => { this.works = false; });
    return this.#last;
  }

  put(question, entry) {
    return this.#inTurn(async () => {
      const iv = crypto.getRandomValues(new Uint8Array(12));
      const text = new TextEncoder().encode(JSON.stringify(entry));
      const sealed = new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await this.#key, text));
      localStorage.setItem(this.#name(question), `${toText(iv)}.${toText(sealed)}`);
      this.works = true;
    });
  }

  drop(question) {
    return this.#inTurn(() => localStorage.removeItem(this.#name(question)));
  }

  async #open(name) {
    try {
      const [iv, sealed] = localStorage.getItem(name).split(".").map(toBytes);
      const text = await crypto.subtle.decrypt({ name: "AES-GCM", iv }, await this.#key, sealed);
      return JSON.parse(new TextDecoder().decode(text));
    } catch {
      localStorage.removeItem(name); // sealed with a key of before: nobody can read it any more
      return null;
    }
  }

  /** Hands over what closed windows left behind: now, and later when a window that is still open closes. */
  leftovers(adopt) {
    const windows = new Set(entries(this.#own).map((name) => name.split("/").at(-1)));
    windows.delete(this.#window);
    for (const gone of windows) {
      const take = async () => {
        for (const name of entries(this.#own).filter((one) => one.endsWith(`/${gone}`))) {
          const entry = await this.#open(name);
          // Kept under its new name before the old one goes.
          if (entry && (await adopt(name.split("/").at(-2), entry, name))) localStorage.removeItem(name);
        }
      };
      if (navigator.locks) navigator.locks.request(LOCK + gone, take);
      else take();
    }
  }
}
