// Whether media get through the network at all: a firewall or a VPN may let the page through, and no picture and no sound.

/** Milliseconds from the first exchange of offer and answer, however often it is tried in between. */
const WITHIN_MS = 10_000;

export class Reach {
  isBlocked = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /** @param {() => void} changed */
  constructor(changed) {
    this.changed = changed;
  }

  /** Offer and answer are exchanged: now it is the network's turn. */
  expect() {
    this.#timer ??= setTimeout(() => this.#set(true), WITHIN_MS);
  }

  /** Media get through, or it is not the network that keeps them. */
  end() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#set(false);
  }

  /** @param {boolean} isBlocked */
  #set(isBlocked) {
    if (this.isBlocked === isBlocked) return;
    this.isBlocked = isBlocked;
    this.changed();
  }
}
