// A ⋯ menu that is a <details>: Escape closes it, and so does a press anywhere else, or on what it offers.

for (const menu of /** @type {NodeListOf<HTMLDetailsElement>} */ (document.querySelectorAll("details[data-menu]"))) {
  const opener = menu.querySelector("summary");
  menu.addEventListener("keydown", (press) => {
    if (press.key !== "Escape" || !menu.open) return;
    menu.open = false;
    opener?.focus();
  });
  document.addEventListener("click", (click) => {
    const target = /** @type {Element} */ (click.target);
    if (!opener?.contains(target)) menu.open = false;
  });
  menu.addEventListener("focusout", ({ relatedTarget }) => {
    if (relatedTarget instanceof Node && !menu.contains(relatedTarget)) menu.open = false;
  });
}
