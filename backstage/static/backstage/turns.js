// Which camera and microphone was asked for last: devices open in their own time, and what comes late must not stay on.

export class Turns {
  #last = 0;
  /**
   * By kind, the turn that will bring the device that is wanted; null: none is on its way.
   * @type {Record<DeviceKind, number | null>}
   */
  #awaited = { camera: null, microphone: null };

  /** Whether something that is wanted is on its way. */
  get isAwaiting() {
    return this.#awaited.camera !== null || this.#awaited.microphone !== null;
  }

  /** These are asked for; whatever was on its way in their place is not wanted any more. @param {DeviceKind[]} kinds */
  begin(...kinds) {
    const turn = ++this.#last;
    for (const kind of kinds) this.#awaited[kind] = turn;
    return turn;
  }

  /** It has come: which of its kinds are still wanted from it. @param {number} turn @returns {Set<DeviceKind>} */
  end(turn) {
    const kinds = /** @type {const} */ (["camera", "microphone"]);
    const wanted = new Set(kinds.filter((kind) => this.#awaited[kind] === turn));
    for (const kind of wanted) this.#awaited[kind] = null;
    return wanted;
  }

  /** Nothing is wanted any more. */
  forget() {
    this.#awaited = { camera: null, microphone: null };
  }
}
