// Volume, mute, full screen, and the click that a browser wants before it plays sound, or anything at all.

import { thisBrowser } from "../memory.js";
import { find, words, write } from "../page.js";
import { Sound } from "../sound.js";
import { FullScreen } from "./full-screen.js";
import { Tiles } from "./tiles.js";

const REMEMBERED = "hopin:volume";

export class PlayerControls {
  #live = false;
  /** The person is on screen in a Backstage: nothing is heard here, whatever is set. */
  #guarded = false;
  /** @type {HTMLInputElement} */
  #volume = find("#volume");

  /** @param {Sound} sound @param {Tiles} tiles */
  constructor(sound, tiles) {
    this.sound = sound;
    this.tiles = tiles;
    new FullScreen();
    this.#volume.value = String(rememberedVolume());
    sound.turn(Number(this.#volume.value));
    this.#volume.addEventListener("input", () => this.#turn(Number(this.#volume.value)));
    find("#mute").addEventListener("click", () => {
      if (this.#isSilent) this.#unmute();
      else sound.mute(true);
      this.render();
    });
    find("#click-for-sound").addEventListener("click", () => {
      tiles.unblock();
      this.#unmute();
      this.render();
      find("#mute").focus();
    });
  }

  get #isSilent() {
    return this.#guarded || this.sound.isMuted || this.sound.isBlocked || this.sound.volume === 0;
  }

  render({ live, guarded } = { live: this.#live, guarded: this.#guarded }) {
    this.#live = live;
    this.#guarded = guarded;
    const { isBlocked } = this.tiles;
    find("#click-for-sound").hidden = !live || !(isBlocked || (this.sound.isBlocked && !guarded));
    write(find("#click-for-sound span"), words(isBlocked ? "click-for-all" : "click-for-sound"));
    /** @type {HTMLButtonElement} */ (find("#mute")).disabled = this.#volume.disabled = guarded;
    find("#mute").setAttribute("aria-pressed", String(this.#isSilent));
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
    thisBrowser.remember(REMEMBERED, String(volume));
    this.render();
  }
}

function rememberedVolume() {
  const volume = Number(thisBrowser.recall(REMEMBERED) ?? "1");
  // Nobody comes to a silent show and knows why.
  return volume >= 0.05 && volume <= 1 ? volume : 1;
}
