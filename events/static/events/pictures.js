// A picture that is too large is refused where it is chosen, and is not sent: what is larger than any form may be, the
// server cannot refuse in the form. It is told of it instead, and says it together with all else that is wrong.

for (const element of document.querySelectorAll("input[type=file][data-largest]")) {
  const input = /** @type {HTMLInputElement} */ (element);
  const refusal = /** @type {HTMLElement | null | undefined} */ (input.parentElement?.querySelector("[data-too-large]"));
  if (!refusal) continue;

  const largest = Number(input.dataset.largest);
  const described = input.getAttribute("aria-describedby") ?? "";
  const invalid = input.getAttribute("aria-invalid") ?? "false";

  const look = () => {
    const isTooLarge = [...(input.files ?? [])].some(({ size }) => size > largest);
    refusal.hidden = !isTooLarge;
    input.setAttribute("aria-invalid", isTooLarge ? "true" : invalid);
    input.setAttribute("aria-describedby", isTooLarge ? `${described} ${refusal.id}`.trim() : described);
  };
  input.addEventListener("change", look);
  // A browser that comes back to this page has chosen again what was chosen then.
  addEventListener("pageshow", look);
  input.form?.addEventListener("formdata", ({ formData }) => {
    if (refusal.hidden) return;
    formData.delete(input.name);
    formData.set(`${input.name}-too-large`, "yes");
  });
}
