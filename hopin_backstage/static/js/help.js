// Opens the Help dialog. Without this module the control is a link to the support address.

// Support finds the reference that stands in it once somebody has seen it.

const dialog = /** @type {HTMLDialogElement | null} */ (document.querySelector("#help"));

let told = false;

/** @param {HTMLDialogElement} help */
function open(help) {
  help.showModal();
  const { toldAt, ticket } = help.dataset;
  if (told || !toldAt || !ticket) return;
  told = true;
  // Without an answer the reference stands in the logs all the same.
  fetch(toldAt, { method: "POST", body: new URLSearchParams({ ticket }), keepalive: true }).catch(() => (told = false));
}

if (dialog) {
  for (const opener of document.querySelectorAll("[data-opens-help]")) {
    opener.setAttribute("role", "button");
    opener.setAttribute("aria-haspopup", "dialog");
    opener.addEventListener("click", (click) => {
      click.preventDefault();
      open(dialog);
    });
    opener.addEventListener("keydown", (press) => {
      // A link answers Enter alone; a button answers Space too.
      if (/** @type {KeyboardEvent} */ (press).key !== " ") return;
      press.preventDefault();
      open(dialog);
    });
  }
  dialog.querySelector("[data-closes-dialog]")?.addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (click) => {
    if (click.target !== dialog) return;
    const box = dialog.getBoundingClientRect();
    const inside =
      click.clientX >= box.left && click.clientX <= box.right && click.clientY >= box.top && click.clientY <= box.bottom;
    if (!inside) dialog.close();
  });
}
