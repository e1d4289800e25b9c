// Stage delay: saved as soon as it is chosen. One save at a time; the last choice wins.

/** How long "Saved" stands, in milliseconds. */
const SAID_FOR_MS = 2500;

for (const element of document.querySelectorAll("form[data-delay]")) {
  const form = /** @type {HTMLFormElement} */ (element);
  const said = form.querySelector("[data-said]");
  const radios = /** @type {NodeListOf<HTMLInputElement>} */ (form.querySelectorAll("input[type=radio]"));
  if (!said) continue;
  form.querySelector("[data-save]")?.remove();

  let saved = [...radios].find((radio) => radio.checked)?.value ?? "";
  let wanted = saved;
  let saving = false;
  let timer = 0;

  /** @param {string} value */
  const check = (value) => {
    for (const radio of radios) radio.checked = radio.value === value;
  };

  /** @param {string} value @returns {Promise<{ok: boolean, text: string}>} */
  const post = async (value) => {
    const body = new FormData(form);
    body.set("delay_s", value);
    try {
      const response = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
      const answer = await response.json();
      return { ok: response.ok, text: answer.text };
    } catch {
      // No connection, or an answer that is not ours.
      return { ok: false, text: form.dataset.failed ?? "" };
    }
  };

  const save = async () => {
    if (saving) return;
    saving = true;
    window.clearTimeout(timer);
    said.textContent = "";
    while (wanted !== saved) {
      const trying = wanted;
      const answer = await post(trying);
      if (answer.ok) {
        saved = trying;
      } else if (wanted === trying) {
        wanted = saved;
        check(saved);
      }
      said.textContent = answer.text;
      if (answer.ok) timer = window.setTimeout(() => (said.textContent = ""), SAID_FOR_MS);
    }
    saving = false;
  };

  for (const radio of radios) {
    radio.addEventListener("change", () => {
      wanted = radio.value;
      void save();
    });
  }
  form.addEventListener("submit", (submit) => submit.preventDefault());
}
