// One waiting person: the photo is the button, with a word of pre-flight under it and all of it on a card.

import { copyOf, find, words, write } from "../backstage/page.js";
import { opensMenu } from "../backstage/views/menu.js";
import { draw } from "../backstage/views/person.js";
import { oneWord } from "./found.js";
import { drawCard, showsCard } from "./preflight-card.js";

/**
 * @typedef {object} Presses
 * @property {(waiting: ModerationWire.Waiting) => void} accept
 * @property {(waiting: ModerationWire.Waiting) => void} decline
 * @property {(waiting: ModerationWire.Waiting, more: HTMLElement) => MenuItem[]} items  of the menu that `more` opens
 */

export class WaitingPerson {
  /** @type {ModerationWire.Waiting | null} */
  #waiting = null;

  /** @param {string} request @param {Presses} presses */
  constructor(request, { accept, decline, items }) {
    this.element = copyOf("waiting-person");
    this.photo = find("[data-accept]", this.element);
    this.more = find("[data-more]", this.element);
    this.card = find(".preflight", this.element);
    this.rows = find(".preflight__rows", this.card);
    this.rows.id = `preflight-${request}`;
    this.photo.addEventListener("click", () => this.#with(accept));
    this.photo.addEventListener("keydown", (press) => {
      if (press.key === "Delete") this.#with(decline);
    });
    showsCard(this.element, this.photo, this.card);
    opensMenu(this.more, () => (this.#waiting ? items(this.#waiting, this.more) : []), { person: this.element });
  }

  /** @param {(waiting: ModerationWire.Waiting) => void} act */
  #with(act) {
    if (this.#waiting) act(this.#waiting);
  }

  /**
   * Never `disabled`: a photo keeps the focus, and says why it does nothing.
   *
   * @param {ModerationWire.Waiting} waiting
   * @param {"free" | "full" | "offline" | "pending"} state
   */
  render(waiting, state) {
    this.#waiting = waiting;
    const { name } = waiting;
    const { photo } = this;
    set(photo, "aria-label", words("put-on-screen", { name }));
    set(photo, "aria-disabled", String(state !== "free"));
    set(photo, "aria-busy", String(state === "pending"));
    set(photo, "aria-describedby", state === "full" ? `waiting-count ${this.rows.id}` : this.rows.id);
    set(this.more, "aria-label", words("more-for", { name }));
    draw(find(".avatar", photo), waiting);
    write(find(".waiting__name", this.element), name);
    const word = oneWord(waiting);
    this.element.dataset.found = word;
    this.element.dataset.muted = String(waiting.muted);
    write(find(".waiting__word", this.element), words(word));
    write(find(".preflight__name", this.card), name);
    drawCard(this.rows, waiting);
  }
}

/** @param {HTMLElement} element @param {string} name @param {string} value */
function set(element, name, value) {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}
