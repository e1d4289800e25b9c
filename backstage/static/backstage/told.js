// What my tile was told of my devices: said whenever it changes, and again if a lost line has swallowed it.

import { ignoreRefusal, Refusal } from "./protocol.js";

/** @typedef {import("./holder.js").Switches} Switches */

export class Told {
  /** What the server has, as far as is known. @type {Switches | null} */
  #known = null;
  /** How many are on their way. */
  #pending = 0;

  /** @param {(switches: Switches) => Promise<unknown>} send */
  constructor(send) {
    this.send = send;
  }

  /** The place is new: nothing of it is known. */
  forget() {
    this.#known = null;
  }

  /**
   * Rejects with a Refusal, if the server has refused it. What did not reach the server is said again by `correct`.
   *
   * @param {Switches} switches
   */
  async say(switches) {
    this.#pending += 1;
    try {
      await this.send(switches);
      this.#known = switches;
    } catch (error) {
      this.#known = null;
      if (!isLost(error)) throw error;
    } finally {
      this.#pending -= 1;
    }
  }

  /**
   * Says it again if the tile says otherwise, unless the server has heard it: then the tile is about to follow.
   *
   * @param {Switches & { replaces_camera: boolean }} tile  a screen in the camera's place says nothing of the camera
   * @param {Switches} switches
   */
  correct(tile, switches) {
    if (this.#pending || (this.#known && areSame(this.#known, switches))) return;
    if (areSame(tile.replaces_camera ? { ...tile, camera: switches.camera } : tile, switches)) return;
    // Nobody pressed anything now; whoever did has been told what the server thinks of it.
    this.say(switches).catch(ignoreRefusal);
  }
}

/** @param {Switches} one @param {Switches} other */
function areSame(one, other) {
  return one.microphone === other.microphone && one.camera === other.camera;
}

/** @param {unknown} error */
function isLost(error) {
  return error instanceof Refusal && (error.code === "disconnected" || error.code === "timeout");
}
