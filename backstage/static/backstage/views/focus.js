// The keyboard never falls out of the page: where what has the focus goes, it goes on to what one presses next.

/** What had the focus is hidden, switched off or gone. */
export function isFocusLost() {
  const { activeElement } = document;
  return !activeElement || activeElement === document.body || !canTakeFocus(activeElement);
}

/** The first that can be seen and pressed; the centre of the page always can. @param {string[]} selectors */
export function focusOn(...selectors) {
  const found = [...selectors, "#main"].flatMap((selector) => [...document.querySelectorAll(selector)]);
  /** @type {HTMLElement | undefined} */ (found.find(canTakeFocus))?.focus();
}

/** The next one of its kind, or the last. @param {Element} gone @param {string} selector */
export function focusBeside(gone, selector) {
  const others = [...document.querySelectorAll(selector)].filter((each) => each !== gone && canTakeFocus(each));
  const next = others.find((each) => gone.compareDocumentPosition(each) & Node.DOCUMENT_POSITION_FOLLOWING);
  const beside = /** @type {HTMLElement | undefined} */ (next ?? others.at(-1));
  if (beside) beside.focus();
  else focusOn();
}

/** @param {Element} element */
function canTakeFocus(element) {
  return element.checkVisibility({ visibilityProperty: true }) && !element.matches(":disabled");
}
