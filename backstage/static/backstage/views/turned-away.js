// The end of a visit that the server ended.

import { find } from "../page.js";
import { staysOpen } from "./stays-open.js";

export function turnAway() {
  /** @type {HTMLDialogElement} */
  const dialog = find("#turned-away");
  if (dialog.open) return;
  staysOpen(dialog, () => true);
  dialog.showModal();
}
