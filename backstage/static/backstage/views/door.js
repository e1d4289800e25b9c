// The door of a full Backstage: covers the room, says my place in line, and goes away by itself. It asks for no device.

import { find, words, write } from "../page.js";
import { announce } from "./announcer.js";
import { staysOpen } from "./turned-away.js";

export class Door {
  /** @type {HTMLDialogElement} */
  #dialog = find("#door");
  #waits = false;

  constructor() {
    staysOpen(this.#dialog, () => this.#waits);
  }

  /** I stand at the door. @param {BackstageWire.HouseFull} full */
  wait({ places, place }) {
    write(find("#door-places"), words("door-places", { n: places }));
    write(find("#door-place"), words(place === 1 ? "door-next" : "door-place", { n: place }));
    if (this.#waits) return;
    this.#waits = true;
    // The server has drawn it open already, for the first paint; that is not modal.
    if (this.#dialog.open) this.#dialog.close();
    this.#dialog.showModal();
  }

  /** The server says my place again as soon as it is back. */
  lineLost() {
    if (this.#waits) write(find("#door-place"), words("door-reconnecting"));
  }

  /** I am inside. */
  letIn() {
    const waited = this.#waits;
    this.#waits = false;
    if (this.#dialog.open) this.#dialog.close();
    if (!waited) return;
    find("#main").focus();
    announce(words("said-let-in"));
  }
}
