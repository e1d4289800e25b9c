// Says what is newest, and not more often than so many milliseconds: what changes meanwhile is said in one.

/** @template T */
export class Paced {
  /** @type {T | null} */
  #next = null;
  /** What was said last, as JSON. */
  #said = "";
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /** @param {(value: T) => Promise<unknown>} say @param {number} everyMs */
  constructor(say, everyMs) {
    this.say = say;
    this.everyMs = everyMs;
  }

  /** @param {T} value */
  tell(value) {
    this.#next = value;
    if (this.#timer === undefined) this.#flush();
  }

  /** Whatever is told from now on is news. */
  reset() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#next = null;
    this.#said = "";
  }

  #flush() {
    const value = this.#next;
    this.#next = null;
    const said = JSON.stringify(value);
    if (value === null || said === this.#said) return;
    this.#said = said;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#flush();
    }, this.everyMs);
    this.say(value).catch(() => {
      // It did not arrive: the next time that it is told, it is news.
      if (this.#said === said) this.#said = "";
    });
  }
}
