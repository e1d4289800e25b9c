// The end of a visit that the server ended. It cannot be closed: there is nothing behind it that still works.

import { find } from "../page.js";

export function turnAway() {
  /** @type {HTMLDialogElement} */
  const dialog = find("#turned-away");
  dialog.addEventListener("cancel", (cancel) => cancel.preventDefault());
  dialog.showModal();
}
