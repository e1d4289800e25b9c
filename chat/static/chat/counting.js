// How long a message is, as the server counts: code points after normalization, without blanks around it.

export const LONGEST = 500;
/** From here on the writer is told how many are left. */
const NEAR = 50;

/** @param {string} text */
export function lengthOf(text) {
  return [...text.normalize("NFC").trim()].length;
}

/** Characters that are left, below zero those that are too many; null while there is no need to know. @param {string} text */
export function leftOf(text) {
  const left = LONGEST - lengthOf(text);
  return left <= NEAR ? left : null;
}
