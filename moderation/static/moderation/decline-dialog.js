// Declining, with a word to the person if one is typed.

import { find, words, write } from "../backstage/page.js";

/** @param {string} name @returns {Promise<string | null>} the word, which may be empty; null: nothing is declined */
export function askForWord(name) {
  /** @type {HTMLDialogElement} */
  const dialog = find("#decline");
  /** @type {HTMLInputElement} */
  const word = find("#decline-word");
  write(find("#decline-title"), words("decline-title", { name }));
  write(find("#decline-label"), words("decline-label", { name }));
  word.value = "";
  dialog.returnValue = "";
  dialog.showModal();
  const cancel = find("[data-cancel]", dialog);
  const close = () => dialog.close();
  cancel.addEventListener("click", close);
  return new Promise((resolve) => {
    const closed = () => {
      cancel.removeEventListener("click", close);
      resolve(dialog.returnValue === "decline" ? word.value.trim() : null);
    };
    dialog.addEventListener("close", closed, { once: true });
  });
}
