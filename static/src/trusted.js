// Trusted Types: whatever a script is about to make a page of passes here first (Content-Security-Policy:
// require-trusted-types-for). What could act is refused; text that only shows something passes as it is.
// A browser without Trusted Types (Safari before 26, Firefox before 148) has the rest of that policy.
const LINKS = ["action", "data", "formaction", "from", "href", "src", "to", "values", "xlink:href"];
const NEVER = "base, embed, frame, iframe, object, [srcdoc], meta[http-equiv]";

/** Whether an element could run or fetch something that is not a file of the portal's own. */
function acts(element) {
  if (element.matches(NEVER)) return true;
  if (element.localName === "script" && !isOwn(element.getAttribute("src"))) return true;
  return [...element.attributes].some(({ name, value }) => name.startsWith("on")
    // What stands before or in the word (spaces, line ends) a browser leaves out.
    || (LINKS.includes(name) && /^javascript:/i.test(value.replace(/[\u0000-\u0020]/g, ""))));
}

function isOwn(address) {
  if (!address) return false;
  const { origin, pathname } = new URL(address, location.origin);
  return origin === location.origin && pathname.startsWith("/static/");
}

/** Whether anything below `root` acts, also what a template keeps apart. */
const actsWithin = (root) => [...root.querySelectorAll("*")]
  .some((element) => acts(element) || (element.content instanceof DocumentFragment && actsWithin(element.content)));

if (window.trustedTypes) {
  // A document made so shows nothing and runs nothing: it is there to look through.
  const inert = trustedTypes.createPolicy("inert", { createHTML: (text) => text });
  trustedTypes.createPolicy("default", {
    createHTML: (text) => (actsWithin(new DOMParser().parseFromString(inert.createHTML(text), "text/html")) ? null : text),
  });
}
