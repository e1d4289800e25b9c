// Something that the server has agreed to, and that is told in a moment: until then it is counted on, but not for ever.

const WITHIN_MS = 10_000;

export class Expected {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /** @param {() => void} disappointed  it was not told in time, and is counted on no longer */
  constructor(disappointed) {
    this.disappointed = disappointed;
  }

  get isOn() {
    return this.#timer !== undefined;
  }

  begin() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.disappointed();
    }, WITHIN_MS);
  }

  /** It is here, or will not come. */
  end() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
