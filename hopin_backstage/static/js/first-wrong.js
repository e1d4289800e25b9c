// A form that comes back with something wrong: the keyboard goes on in the first field that is to be mended, unless the
// page, or the person, has gone somewhere already.

function goOn() {
  if (document.activeElement !== document.body) return;
  const wrong = /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[aria-invalid=true]"));
  [...wrong].find((field) => field.checkVisibility())?.focus();
}

// Not before the page is drawn: the browser that goes to what the address names behind # takes the focus away.
addEventListener("load", () => requestAnimationFrame(goOn));
