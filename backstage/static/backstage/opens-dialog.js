// Links that open a dialog of their own page: without this module each leads to a page that asks the same.

for (const element of document.querySelectorAll("a[data-opens]")) {
  const opener = /** @type {HTMLAnchorElement} */ (element);
  const dialog = /** @type {HTMLDialogElement | null} */ (document.querySelector(`#${CSS.escape(opener.dataset.opens ?? "")}`));
  if (!dialog) continue;

  const open = (/** @type {Event} */ happened) => {
    happened.preventDefault();
    // What was chosen and then cancelled is not chosen the next time.
    dialog.querySelector("form")?.reset();
    dialog.showModal();
  };

  opener.setAttribute("role", "button");
  opener.setAttribute("aria-haspopup", "dialog");
  opener.addEventListener("click", open);
  opener.addEventListener("keydown", (press) => {
    // A link answers Enter alone; a button answers Space too.
    if (press.key === " ") open(press);
  });
  dialog.addEventListener("close", () => {
    // A menu that has closed behind what it offered cannot take the focus back there: its own opener does.
    if (!opener.checkVisibility()) opener.closest("details")?.querySelector("summary")?.focus();
  });
  dialog.querySelector("[data-closes-dialog]")?.addEventListener("click", () => dialog.close());
}
