// Looks each second at how one PeerConnection does.

import { judge, read, UNJUDGED } from "./quality.js";

const LOOK_MS = 1_000;

export class Gauge {
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #timer;
  /** @type {ReturnType<typeof read> | null} */
  last = null;
  judgement = UNJUDGED;
  /** How often it has looked. */
  looks = 0;

  /**
   * @param {RTCPeerConnection} connection
   * @param {(weak: boolean) => void} [changed]
   */
  constructor(connection, changed) {
    this.connection = connection;
    this.changed = changed;
  }

  start() {
    this.end();
    this.#timer = setInterval(() => void this.#look(), LOOK_MS);
  }

  end() {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  async #look() {
    const reports = await this.connection.getStats();
    if (!this.#timer) return;
    this.last = read(reports.values(), this.last);
    const before = this.judgement;
    this.judgement = judge(before, this.last);
    this.looks += 1;
    if (before.weak !== this.judgement.weak) this.changed?.(this.judgement.weak);
  }
}
