// What the audience gets, layout and pictures, over one line: for the Stage page, and for the small picture of it in the
// Backstage.

import { STAGE, Watcher } from "./media/watcher.js";
import { Socket } from "./protocol.js";
import { reduceStage } from "./stage-state.js";

/**
 * @typedef {object} StageFeedHandlers
 * @property {(aired: Aired) => void} changed
 * @property {(slot: number, stream: MediaStream) => void} stream
 * @property {(up: boolean) => void} connection  of media
 * @property {(up: boolean) => void} [line]  of words
 * @property {() => void} [moved]  the picture comes from elsewhere now
 * @property {(end: { code: number, text: string }) => void} end  turned away for good
 * @property {(reason: string) => boolean} [patient]  whether to come again after this refusal
 */

export class StageFeed {
  /** @type {Aired | null} */
  #aired = null;
  /** The line is new, and its snapshot is not here yet. */
  #isNewLine = true;

  /** @param {string} address of the socket @param {StageFeedHandlers} handlers */
  constructor(address, handlers) {
    this.handlers = handlers;
    const { stream, connection, end, patient } = handlers;
    this.socket = new Socket(address, {
      notice: (notice) => this.#told(notice),
      line: (up) => {
        if (up) this.#isNewLine = true;
        handlers.line?.(up);
      },
      end,
      patient,
    });
    this.watcher = new Watcher(this.socket, STAGE, { stream, connection });
  }

  open() {
    this.socket.open();
  }

  close() {
    this.watcher.stop();
    this.socket.close();
  }

  /** @param {BackstageWire.AnyNotice} notice */
  #told(notice) {
    switch (notice.type) {
      case "stage.snapshot":
        this.watcher.iceServers = /** @type {any} */ (notice.body.ice_servers);
        // The server has forgotten the connection of the old line.
        if (this.#isNewLine) this.watcher.stop();
        this.#isNewLine = false;
        if (notice.body.media || notice.body.layout.live) this.#connect();
        break;
      case "layout.aired":
        // LIVE never stands over black because a `media.ready` was missed.
        if (notice.body.layout.live) this.#connect();
        break;
      case "media.ready":
        this.watcher.start();
        break;
      case "viewer.candidate":
        this.watcher.remoteCandidate(notice.body.candidate);
        break;
      case "viewer.lost":
        this.watcher.lost();
        break;
      case "stage.changed":
        this.handlers.moved?.();
        break;
      case "watching.changed":
        // Something was said that never came here.
        if (this.#aired && notice.body.as_of > (this.#aired.revision ?? 0)) {
          this.socket.command("snapshot.get").catch(() => {});
        }
        break;
    }
    this.#aired = reduceStage(this.#aired, notice);
    if (this.#aired) this.handlers.changed(this.#aired);
  }

  /** There is something to see. What works, or is being made, stays. */
  #connect() {
    if (this.watcher.isWanted) this.watcher.ready();
    else this.watcher.start();
  }
}
