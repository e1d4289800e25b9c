// Trying again with growing pauses, or at once when somebody says that it is worth it.

const FIRST_MS = 250;
const LONGEST_MS = 5_000;

export class Patience {
  #attempts = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /** @param {() => void} again what to try */
  constructor(again) {
    this.again = again;
  }

  /** Try after a pause, twice as long each time, with jitter so that a full house does not come at once. */
  later() {
    clearTimeout(this.#timer);
    const longest = Math.min(LONGEST_MS, FIRST_MS * 2 ** this.#attempts++);
    this.#timer = setTimeout(this.again, longest * (0.5 + Math.random() / 2));
  }

  /** Try now: the reason to wait is gone. */
  now() {
    this.reset();
    this.again();
  }

  /** It worked, or it is no longer wanted. */
  reset() {
    clearTimeout(this.#timer);
    this.#attempts = 0;
  }
}
