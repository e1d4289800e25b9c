// The media line of this page, and all that goes over it: what is watched, sent and measured.

import { Publisher } from "./media/publisher.js";
import { BACKSTAGE, Watcher } from "./media/watcher.js";
import { DEADLINE_MS, Socket } from "./protocol.js";

/**
 * The media line has no snapshot; that it does not know this command it answers at once, unless it waits for Janus. For
 * that it is given time: pictures do not pass through it.
 */
const CHECK = { type: "line.check", deadline: DEADLINE_MS };

/**
 * @typedef {object} MediaHandlers
 * @property {(slot: number, stream: MediaStream) => void} stream  what a slot plays from now on
 * @property {() => void} lost  nothing comes any more
 * @property {() => void} reach  what the network lets through has changed
 * @property {(kind: "camera" | "screen") => void} elsewhere  it now comes from another page of mine
 * @property {(error: unknown) => void} refused
 * @property {(end: { code: number, text: string }) => void} end
 * @property {(reason: string) => boolean} patient
 */

/** @typedef {import("./media/preflight.js").Preflight} Preflight */

export class MediaLine {
  /** What measures my uplink while I ask; organizers need not ask. @type {Preflight | null} */
  preflight = null;

  /** @param {string} address of the socket @param {MediaHandlers} handlers */
  constructor(address, { stream, lost, reach, elsewhere, refused, end, patient }) {
    this.socket = new Socket(
      address,
      {
        notice: (notice) => this.pass(notice),
        line: (up) => {
          if (!up) for (const publisher of [this.camera, this.screen]) publisher.lineLost();
        },
        end,
        patient,
      },
      CHECK,
    );
    this.watcher = new Watcher(this.socket, BACKSTAGE, {
      stream,
      connection: (up) => {
        if (!up) lost();
      },
      reach,
    });
    this.camera = new Publisher(this.socket, refused);
    this.screen = new Publisher(this.socket, refused, "screen");
    this.camera.onReach = this.screen.onReach = reach;
    this.elsewhere = elsewhere;
  }

  /** By connection: whether the network lets no media through. */
  get isBlocked() {
    const [camera, screen, watching] = [this.camera, this.screen, this.watcher].map(({ reach }) => reach.isBlocked);
    return { camera, screen, watching };
  }

  open() {
    this.socket.open();
  }

  close() {
    this.watcher.stop();
    this.socket.close();
  }

  /** To whom it concerns. @param {BackstageWire.AnyNotice} notice */
  pass(notice) {
    const { watcher, preflight } = this;
    const publishers = { camera: this.camera, screen: this.screen };
    switch (notice.type) {
      case "media.config":
        this.#configure(notice.body);
        break;
      case "watch.offer":
        watcher.offered(notice.body.sdp);
        break;
      case "watch.candidate":
        watcher.remoteCandidate(notice.body.candidate);
        break;
      case "preflight.candidate":
        preflight?.remoteCandidate(notice.body.candidate);
        break;
      case "publish.candidate":
        publishers[notice.body.kind].remoteCandidate(notice.body.candidate);
        break;
      case "publish.elsewhere":
        this.elsewhere(notice.body.kind);
        break;
      case "media.lost":
        if (notice.body.which === "watch") watcher.lost();
        else publishers[notice.body.which].lost();
        break;
      case "media.ready":
        for (const each of [watcher, ...Object.values(publishers)]) each.ready();
        break;
    }
  }

  /** @param {BackstageWire.MediaConfig} config */
  #configure({ ice_servers, bitrate, screen_bitrate }) {
    const servers = /** @type {any} */ (ice_servers);
    this.watcher.iceServers = servers;
    if (this.preflight) this.preflight.iceServers = servers;
    this.camera.configure(servers, bitrate);
    this.screen.configure(servers, screen_bitrate);
    this.watcher.start();
  }
}
