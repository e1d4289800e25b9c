// Something that the server has agreed to, and that is told in a moment: until then it is counted on, but not for ever.

/** A tile whose notice was lost is told after ten seconds by what every page is told then. */
const WITHIN_MS = 15_000;

export class Expected {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /**
   * @param {() => Promise<unknown>} ask  it was not told in time, perhaps because a notice was lost: what is told now decides
   * @param {() => void} disappointed  it was not told then either, and is counted on no longer
   */
  constructor(ask, disappointed) {
    this.ask = ask;
    this.disappointed = disappointed;
  }

  get isOn() {
    return this.#timer !== undefined;
  }

  begin() {
    clearTimeout(this.#timer);
    const timer = setTimeout(async () => {
      // Without a line nothing is told, and the next one begins with everything.
      await this.ask().catch(() => {});
      if (this.#timer !== timer) return;
      this.#timer = undefined;
      this.disappointed();
    }, WITHIN_MS);
    this.#timer = timer;
  }

  /** It is here, or will not come. */
  end() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
