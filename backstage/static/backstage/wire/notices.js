// Notices in their order, none twice; and if one is missing, a snapshot in its place:
//
//   ← {"type":"tiles.changed","revision":42,"body":{…}}

/**
 * @typedef {object} Incoming  A notice as it arrives.
 * @property {string} type
 * @property {number} [revision]  one more with each notice of which none may be missed
 * @property {any} body
 */

export class Notices {
  /** Of the last notice that was passed on; null until one carried a number. @type {number | null} */
  #revision = null;
  /**
   * Numbered notices that wait for a snapshot which is on its way: the server lets us into the group, then reads the
   * snapshot, so a notice may overtake it. Null while no snapshot is awaited.
   * @type {Incoming[] | null}
   */
  #early = null;
  /** Numbered notices that came before one that is missing. @type {Incoming[]} */
  #ahead = [];
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #settling;

  /**
   * @param {object} page
   * @param {(notice: Incoming) => void} page.tell  each notice, in order, none twice
   * @param {() => void} page.askForSnapshot
   * @param {number | undefined} page.settlesMs
   *   milliseconds that a gap is given to close by itself; without them a snapshot is asked for at once
   */
  constructor({ tell, askForSnapshot, settlesMs }) {
    this.tell = tell;
    this.askForSnapshot = askForSnapshot;
    this.settlesMs = settlesMs;
  }

  /** A new line: its first snapshot sets the count. */
  begin() {
    this.#early = [];
    this.#revision = null;
  }

  /** The line is gone: no gap closes any more. */
  end() {
    this.#settled();
  }

  /** @param {Incoming} notice */
  take(notice) {
    if (isSnapshot(notice.type)) this.#takeSnapshot(notice);
    else if (notice.revision === undefined) this.tell(notice);
    else this.#takeNumbered(notice, notice.revision);
  }

  /** Notices may be missing, nobody knows which. */
  catchUp() {
    this.#wait([...(this.#early ?? []), ...this.#settled()]);
  }

  /** @param {Incoming} snapshot */
  #takeSnapshot(snapshot) {
    const { revision } = snapshot;
    // Asked for in a silence that ended meanwhile.
    if (revision !== undefined && this.#revision !== null && revision < this.#revision) return;
    const early = [...(this.#early ?? []), ...this.#settled()];
    this.#early = null;
    this.#revision = revision ?? null;
    this.tell(snapshot);
    for (const waiting of early) this.take(waiting);
  }

  /** @param {Incoming} notice @param {number} revision */
  #takeNumbered(notice, revision) {
    if (this.#early) {
      this.#early.push(notice);
      return;
    }
    if (this.#revision !== null && revision <= this.#revision) return;
    if (this.#revision !== null && revision > this.#revision + 1) {
      this.#onGap(notice);
      return;
    }
    this.#revision = revision;
    this.tell(notice);
    // It may be the one that those before it waited for.
    if (this.#ahead.length) for (const ahead of this.#settled()) this.take(ahead);
  }

  /** @param {Incoming} notice */
  #onGap(notice) {
    if (!this.settlesMs) {
      this.#wait([notice]);
      return;
    }
    this.#ahead.push(notice);
    this.#settling ??= setTimeout(() => this.#wait(this.#settled()), this.settlesMs);
  }

  /** What came before its turn, in order. */
  #settled() {
    clearTimeout(this.#settling);
    this.#settling = undefined;
    const ahead = this.#ahead.sort((one, other) => (one.revision ?? 0) - (other.revision ?? 0));
    this.#ahead = [];
    return ahead;
  }

  /** What was missed is in the next snapshot. @param {Incoming[]} early numbered notices that have to wait for it */
  #wait(early) {
    this.#early = early;
    this.askForSnapshot();
  }
}

/** @param {string} type */
function isSnapshot(type) {
  return type.endsWith(".snapshot");
}
