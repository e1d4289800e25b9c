// Dialogs that cannot be closed: there is nothing behind them that works.

/** @param {HTMLDialogElement} dialog @param {() => boolean} isWanted */
export function staysOpen(dialog, isWanted) {
  dialog.addEventListener("cancel", (cancel) => cancel.preventDefault());
  // Chromium closes a dialog at the second Escape whatever the page says:
  // https://html.spec.whatwg.org/multipage/interaction.html#close-requests
  dialog.addEventListener("close", () => {
    if (isWanted() && !dialog.open) dialog.showModal();
  });
}
