// A message as the server keeps it, and how long that is; see chat/text.py.

export const LONGEST = 500;
/** From here on the writer is told how many are left. */
const NEAR = 50;
/** What nobody sees; but for joiners, marks of direction, and what flags are made of. */
const UNSEEN = /(?![\n\u200c-\u200f\u061c\u{e0020}-\u{e007f}])[\p{Cc}\p{Cf}\p{Cs}]/gu;

/** Composed, without what nobody sees, blank lines single, and none around it; "" if it is all blank. @param {string} text */
export function cleaned(text) {
  const shown = text.replace(/\r\n|[\r\u0085\u2028\u2029]/g, "\n").replaceAll("\t", " ").replace(UNSEEN, "");
  return shown.normalize("NFC").replace(/\n[^\S\n]*(?:\n[^\S\n]*)+/g, "\n\n").trim().replace(/^[\s\p{DI}\u2800]+$/u, "");
}

/** Code points that are left, below zero those that are too many; null while there is no need to know. @param {string} text */
export function leftOf(text) {
  const left = LONGEST - [...cleaned(text)].length;
  return left <= NEAR ? left : null;
}
