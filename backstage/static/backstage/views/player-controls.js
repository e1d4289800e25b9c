// Volume, mute, full screen, and the click that a browser wants before it plays sound.

import { find } from "../page.js";
import { Sound } from "../sound.js";

const REMEMBERED = "hopin:volume";

export class PlayerControls {
  #live = false;
  /** The person is on screen in a Backstage: nothing is heard here, whatever is set. */
  #guarded = false;
  /** @type {HTMLInputElement} */
  #volume = find("#volume");

  /** @param {Sound} sound */
  constructor(sound) {
    this.sound = sound;
    this.#volume.value = String(rememberedVolume());
    sound.turn(Number(this.#volume.value));
    this.#volume.addEventListener("input", () => this.#turn(Number(this.#volume.value)));
    find("#mute").addEventListener("click", () => {
      if (this.#isSilent) this.#unmute();
      else sound.mute(true);
      this.render();
    });
    find("#click-for-sound").addEventListener("click", () => {
      this.#unmute();
      this.render();
      find("#mute").focus();
    });
    find("#full-screen").addEventListener("click", () => void toggleFullScreen());
    document.addEventListener("fullscreenchange", () => this.render());
    // iPhones have full screen for a single video element alone, which shows one tile:
    // https://developer.mozilla.org/en-US/docs/Web/API/Element/requestFullscreen#browser_compatibility
    find("#full-screen").hidden = !document.fullscreenEnabled;
  }

  get #isSilent() {
    return this.#guarded || this.sound.isMuted || this.sound.isBlocked || this.sound.volume === 0;
  }

  render({ live, guarded } = { live: this.#live, guarded: this.#guarded }) {
    this.#live = live;
    this.#guarded = guarded;
    find("#click-for-sound").hidden = !live || guarded || !this.sound.isBlocked;
    /** @type {HTMLButtonElement} */ (find("#mute")).disabled = this.#volume.disabled = guarded;
    find("#mute").setAttribute("aria-pressed", String(this.#isSilent));
    find("#full-screen").setAttribute("aria-pressed", String(document.fullscreenElement !== null));
  }

  #unmute() {
    this.sound.mute(false);
    if (this.sound.isBlocked) this.sound.unblock();
    if (this.sound.volume === 0) {
      this.#volume.value = "1";
      this.#turn(1);
    }
  }

  /** @param {number} volume */
  #turn(volume) {
    this.sound.turn(volume);
    if (volume > 0 && this.sound.isMuted) this.sound.mute(false);
    if (this.sound.isBlocked) this.sound.unblock();
    try {
      localStorage.setItem(REMEMBERED, String(volume));
    } catch {
      // Storage may be forbidden: then it is loud again next time.
    }
    this.render();
  }
}

function rememberedVolume() {
  try {
    const volume = Number(localStorage.getItem(REMEMBERED) ?? "1");
    // Nobody comes to a silent show and knows why.
    return volume >= 0.05 && volume <= 1 ? volume : 1;
  } catch {
    return 1;
  }
}

function toggleFullScreen() {
  return document.fullscreenElement ? document.exitFullscreen() : find("#player").requestFullscreen();
}
