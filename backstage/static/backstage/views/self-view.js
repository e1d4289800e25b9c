// Whoever waits to be put on screen sees themselves, small, beside the controls.

import { find } from "../page.js";

export class SelfView {
  /** @type {HTMLVideoElement} */
  #video = find("#self-view");

  /** @param {MediaStream | null} stream  null: on screen, or nothing is held */
  show(stream) {
    const [track] = stream?.getVideoTracks() ?? [];
    const shown = /** @type {MediaStream | null} */ (this.#video.srcObject)?.getVideoTracks()[0];
    this.#video.hidden = !track?.enabled;
    if (shown === track) return;
    this.#video.srcObject = track ? new MediaStream([track]) : null;
    // Muted, so that it starts everywhere; another one may take its place before it does.
    this.#video.muted = true;
    if (track) this.#video.play().catch(() => {});
  }
}
