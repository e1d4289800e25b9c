// A form that was sent says so on the button that was pressed, and is not sent again while its answer is awaited.
//
// The button is not disabled: a browser sends the name and value of the button that was pressed only if it is not. Forms
// that a module of their own sends, and those that were refused here, are left alone: their submit was prevented before
// it gets to the window.

/** Milliseconds. The page is still here: its loading was stopped, or the answer was none to show. Let it be tried again. */
const PATIENCE_MS = 30_000;

/** Those that were sent, and what makes each one to be sent again. @type {Map<EventTarget | null, () => void>} */
const sent = new Map();

/** @param {SubmitEvent} submit */
function isPost({ target, submitter }) {
  const form = /** @type {HTMLFormElement} */ (target);
  // By attribute: a field named "method" would stand in the way.
  const method = submitter?.getAttribute("formmethod") ?? form.getAttribute("method");
  return method?.toLowerCase() === "post";
}

addEventListener("submit", (submit) => {
  const { target, submitter } = submit;
  if (submit.defaultPrevented || !isPost(submit)) return;
  if (sent.has(target)) {
    submit.preventDefault();
    return;
  }
  submitter?.setAttribute("aria-busy", "true");
  const timer = setTimeout(() => sent.get(target)?.(), PATIENCE_MS);
  sent.set(target, () => {
    clearTimeout(timer);
    submitter?.removeAttribute("aria-busy");
    sent.delete(target);
  });
});

// Whoever is asked whether to leave what is not saved, and stays, can send the form again.
addEventListener("beforeunload", (leaving) => {
  // Timers wait as long as the question stands.
  setTimeout(() => {
    if (!leaving.defaultPrevented) return;
    for (const again of sent.values()) again();
  }, 0);
});

// Whoever comes back finds the page as it was left, with its forms sent.
addEventListener("pageshow", ({ persisted }) => {
  if (!persisted) return;
  for (const again of sent.values()) again();
});
