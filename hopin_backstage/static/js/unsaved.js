// Whoever leaves a page on which something typed is not saved is asked by the browser: forms with
// `data-asks-before-leaving`. One that came back from the server unsaved, refused or as a preview, has `data-not-saved`.

/** @typedef {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} Control */

/** The one that is on its way to the server. @type {EventTarget | null} */
let sent = null;

/** Whether it is another than the page was served with. @param {Control} control */
function isChanged(control) {
  if (control instanceof HTMLSelectElement) {
    const served = [...control.options].findIndex((option) => option.defaultSelected);
    return control.selectedIndex !== Math.max(served, 0);
  }
  if (control instanceof HTMLInputElement) {
    if (control.type === "checkbox" || control.type === "radio") return control.checked !== control.defaultChecked;
    if (control.type === "file") return (control.files?.length ?? 0) > 0;
  }
  return control.value !== control.defaultValue;
}

/** @param {HTMLFormElement} form */
function isUnsaved(form) {
  if (form === sent) return false;
  if ("notSaved" in form.dataset) return true;
  const controls = /** @type {NodeListOf<Control>} */ (form.querySelectorAll("input, select, textarea"));
  return [...controls].some(isChanged);
}

addEventListener("submit", (submit) => {
  if (!submit.defaultPrevented) sent = submit.target;
});

// The page is still here, its loading was stopped: what is typed from now on is not on its way.
addEventListener("input", ({ target }) => {
  if (target instanceof Element && target.closest("form") === sent) sent = null;
});

addEventListener("beforeunload", (leaving) => {
  const forms = /** @type {NodeListOf<HTMLFormElement>} */ (document.querySelectorAll("form[data-asks-before-leaving]"));
  if (![...forms].some(isUnsaved)) return;
  leaving.preventDefault();
  // Whoever stays has sent nothing.
  sent = null;
});
