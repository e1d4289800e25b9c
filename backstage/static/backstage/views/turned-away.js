// The end of a visit that the server ended.

import { find, words, write } from "../page.js";
import { isMisunderstanding, SIGNED_OUT } from "../protocol.js";

/**
 * Whoever is signed out goes to sign in, and comes back from there; all others read why, and cannot go on.
 *
 * @param {{ code: number, text: string }} end  as the line told it
 * @param {{ signIn: string, clear: () => void }} page  `clear` takes away what is not to be seen behind the dialog
 */
export function turnAway({ code, text }, { signIn, clear }) {
  if (code === SIGNED_OUT) {
    location.assign(signIn);
    return;
  }
  clear();
  const why = isMisunderstanding(code) ? words("reload") : text;
  if (why) write(find("#turned-away-text"), why);
  /** @type {HTMLDialogElement} */
  const dialog = find("#turned-away");
  if (dialog.open) return;
  staysOpen(dialog, () => true);
  dialog.showModal();
}

/** Nothing behind the dialog works. @param {HTMLDialogElement} dialog @param {() => boolean} isWanted */
export function staysOpen(dialog, isWanted) {
  dialog.addEventListener("cancel", (cancel) => cancel.preventDefault());
  // Chromium closes a dialog at the second Escape whatever the page says:
  // https://html.spec.whatwg.org/multipage/interaction.html#close-requests
  dialog.addEventListener("close", () => {
    if (isWanted() && !dialog.open) dialog.showModal();
  });
}
