// The Stream provider of a stage: asks for the address of a video only where there is one. Saving is a plain form.

for (const form of /** @type {NodeListOf<HTMLFormElement>} */ (document.querySelectorAll("form[data-provider]"))) {
  const select = /** @type {HTMLSelectElement | null} */ (form.querySelector("select"));
  const address = /** @type {HTMLElement | null} */ (form.querySelector("[data-address]"));
  const save = /** @type {HTMLElement | null} */ (form.querySelector("[data-save]"));
  const preview = /** @type {HTMLElement | null} */ (form.querySelector("[data-needs-address]"));
  const player = /** @type {HTMLElement | null} */ (form.querySelector(".provider__preview"));
  /** What only Hopin has: the link, the delay, the broadcasts. */
  const studio = /** @type {HTMLElement | null | undefined} */ (form.closest(".stage-card")?.querySelector("[data-hopin]"));
  if (!select || !address || !save || !preview) continue;

  const shown = select.value;
  const isRefused = form.querySelector("[role=alert]") !== null;
  const render = () => {
    const isHopin = select.value === "hopin";
    address.hidden = preview.hidden = isHopin;
    if (studio) studio.hidden = !isHopin;
    // The player of the provider that was chosen before says nothing of the one that is chosen now.
    if (player) player.hidden = select.value !== shown;
    save.hidden = isHopin && shown === "hopin" && !isRefused;
  };
  select.addEventListener("change", render);
  // A browser that comes back to this page has chosen again what was chosen then.
  addEventListener("pageshow", render);
  render();
}
