// Asks once before something that cannot be undone, and names it.

import { find, write } from "../page.js";

/**
 * @param {{ title: string, text: string, action: string }} question  `action` is the label of the button that does it
 * @returns {Promise<boolean>}
 */
export function confirm({ title, text, action }) {
  /** @type {HTMLDialogElement} */
  const dialog = find("#confirm");
  write(find("h2", dialog), title);
  write(find("p", dialog), text);
  write(find("[value=yes]", dialog), action);
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}
