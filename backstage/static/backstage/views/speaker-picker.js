// The speaker in the device check, where the browser can choose one. It counts from the moment it is picked.

import { onChange } from "../devices.js";
import { find, words } from "../page.js";
import { Sound } from "../sound.js";
import {
  askForSpeaker,
  canAskForSpeaker,
  canChooseSpeaker,
  playTestSound,
  rememberedSpeaker,
  rememberSpeaker,
  speakers,
} from "../speakers.js";

export class SpeakerPicker {
  /** @type {HTMLSelectElement} */
  #select = find("#speaker");
  #chosen = rememberedSpeaker();

  /** @param {Sound} sound */
  constructor(sound) {
    this.sound = sound;
    find("#speaker-field").hidden = !canChooseSpeaker();
    find("#speaker-other").hidden = !canAskForSpeaker();
    if (!canChooseSpeaker()) return;
    this.#select.addEventListener("change", () => this.#choose(this.#select.value));
    find("#speaker-test").addEventListener("click", () => void playTestSound(this.#chosen));
    find("#speaker-other").addEventListener("click", async () => {
      const id = await askForSpeaker();
      if (id !== null) this.#choose(id);
    });
    onChange(() => void this.refresh());
    // Also where no microphone opens, which would make their names known: the list is never empty.
    void this.#list();
    void sound.useSpeaker(this.#chosen);
  }

  /** Their names are known once a microphone is open. */
  async refresh() {
    if (!canChooseSpeaker()) return;
    const found = await this.#list();
    // Plugged in again, it is used again.
    void this.sound.useSpeaker(found.some(({ deviceId }) => deviceId === this.#chosen) ? this.#chosen : "");
  }

  async #list() {
    const found = (await speakers()).filter(({ deviceId }) => deviceId);
    const options = found.map(({ label, deviceId }, index) => new Option(label || `${words("speaker")} ${index + 1}`, deviceId));
    // Chromium names the computer's own choice "default"; others do not.
    if (!found.some(({ deviceId }) => deviceId === "default")) options.unshift(new Option(words("speaker-default"), ""));
    this.#select.replaceChildren(...options);
    this.#select.value = this.#chosen;
    if (this.#select.selectedIndex < 0) this.#select.selectedIndex = 0;
    return found;
  }

  /** @param {string} id */
  #choose(id) {
    this.#chosen = id;
    rememberSpeaker(id);
    void this.sound.useSpeaker(id);
    void this.refresh();
  }
}
