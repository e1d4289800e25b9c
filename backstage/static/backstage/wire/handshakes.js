// The order in which the lines of a page come back. A browser shakes one hand of a host at a time, so one that is
// swallowed keeps all behind it waiting: while a line that hurries is down, the others let it go first.

export class Handshakes {
  /** Lines that hurry and are down. @type {Set<object>} */
  #hurrying = new Set();
  /** By line that lets them go first, what it does then. @type {Map<object, () => void>} */
  #waiting = new Map();

  /** Until it leaves, no other line begins unless it hurries, too. @param {object} line */
  goFirst(line) {
    this.#hurrying.add(line);
  }

  /**
   * Begins at once, or as soon as nobody has to go first.
   *
   * @param {object} line
   * @param {boolean} hurries
   * @param {() => void} begin
   */
  enter(line, hurries, begin) {
    this.#waiting.delete(line);
    if (hurries || !this.#hurrying.size) begin();
    else this.#waiting.set(line, begin);
  }

  /** It hurries from now on: nobody goes before it. @param {object} line */
  letPass(line) {
    const begin = this.#waiting.get(line);
    this.#waiting.delete(line);
    begin?.();
  }

  /** It is up, has time after all, or is not wanted any more. @param {object} line */
  leave(line) {
    this.#waiting.delete(line);
    this.#hurrying.delete(line);
    if (this.#hurrying.size) return;
    const turns = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const begin of turns) begin();
  }
}
