// Asks once before something that cannot be undone, and names it.

import { find, words, write } from "../page.js";
import { focusOn, isFocusLost } from "./focus.js";
import { NEXT } from "./waits.js";

/**
 * @param {string} key  the page's words for it: `KEY-title`, `KEY-text`, and `KEY-action` on the button that does it
 * @param {Record<string, string | number>} [values]  that stand in them
 * @returns {Promise<boolean>}
 */
export function confirm(key, values) {
  /** @type {HTMLDialogElement} */
  const dialog = find("#confirm");
  const parts = { title: "h2", text: "p", action: "[value=yes]" };
  for (const [part, place] of Object.entries(parts)) write(find(place, dialog), words(`${key}-${part}`, values));
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    const answer = () => {
      // What it was asked about may have gone meanwhile, and what had the focus with it.
      if (isFocusLost()) focusOn(...NEXT);
      resolve(dialog.returnValue === "yes");
    };
    dialog.addEventListener("close", answer, { once: true });
  });
}
