// Copy link: puts the link into the clipboard and says so; where the browser refuses, selects the text instead.

/** How long the button says that it is done, in milliseconds. */
const SAID_FOR_MS = 2500;

for (const box of document.querySelectorAll("[data-copy]")) {
  const link = /** @type {HTMLInputElement | null} */ (box.querySelector("input"));
  const button = /** @type {HTMLButtonElement | null} */ (box.querySelector("[data-copies]"));
  const label = button?.querySelector("[data-label]");
  const status = box.querySelector("[role=status]");
  const failure = /** @type {HTMLElement | null} */ (box.querySelector(".link-box__failed"));
  if (!link || !button || !label || !status || !failure) continue;

  const idle = label.textContent;
  const done = button.dataset.done ?? "";
  let timer = 0;

  /** @param {boolean} isDone */
  const show = (isDone) => {
    label.textContent = isDone ? done : idle;
    for (const icon of button.querySelectorAll("svg")) {
      icon.toggleAttribute("hidden", (icon.dataset.icon === "done") !== isDone);
    }
    status.textContent = isDone ? done : "";
  };

  // Keeps its width, so that nothing moves when it says "Copied".
  button.style.minWidth = `${button.offsetWidth}px`;
  link.addEventListener("focus", () => link.select());
  button.addEventListener("click", async () => {
    window.clearTimeout(timer);
    try {
      await navigator.clipboard.writeText(link.value);
    } catch {
      // No permission, or no secure context.
      link.focus();
      link.select();
      failure.textContent = button.dataset.failed ?? "";
      failure.hidden = false;
      status.textContent = failure.textContent;
      return;
    }
    failure.hidden = true;
    show(true);
    timer = window.setTimeout(() => show(false), SAID_FOR_MS);
  });
}
