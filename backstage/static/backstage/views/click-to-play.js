// The click that a browser may want before it plays sound, or anything at all.

import { find, words, write } from "../page.js";
import { Sound } from "../sound.js";
import { focusOn } from "./focus.js";
import { Tiles } from "./tiles.js";

export class ClickToPlay {
  /** @type {HTMLElement} */
  #button = find("#click-to-hear");

  /** @param {() => { sound: Sound, pictures: Tiles[] }} players */
  constructor(players) {
    this.players = players;
    // Any click is one: whoever has pressed something since wants to hear.
    document.addEventListener("click", () => {
      const { sound, pictures } = players();
      for (const tiles of pictures) tiles.unblock();
      sound.unblock();
    });
  }

  render() {
    const { sound, pictures } = this.players();
    const isBlind = pictures.some(({ isBlocked }) => isBlocked);
    const hadFocus = document.activeElement === this.#button;
    this.#button.hidden = !isBlind && !sound.isBlocked;
    if (hadFocus && this.#button.hidden) focusOn();
    write(find("span", this.#button), words(isBlind ? "click-to-see" : "click-to-hear"));
  }
}
