// What the media line says, passed on to whom it concerns.

import { Preflight } from "./media/preflight.js";
import { Publisher } from "./media/publisher.js";
import { Watcher } from "./media/watcher.js";

/**
 * @typedef {object} Media
 * @property {Watcher} watcher
 * @property {Record<"camera" | "screen", Publisher>} publishers
 * @property {Preflight} preflight
 * @property {(kind: "camera" | "screen") => void} elsewhere  it now comes from another page of mine
 */

/** @param {BackstageWire.AnyNotice} notice @param {Media} media */
export function pass(notice, { watcher, publishers, preflight, elsewhere }) {
  switch (notice.type) {
    case "media.config":
      watcher.iceServers = /** @type {any} */ (notice.body.ice_servers);
      preflight.iceServers = watcher.iceServers;
      publishers.camera.configure(watcher.iceServers, notice.body.bitrate);
      publishers.screen.configure(watcher.iceServers, notice.body.screen_bitrate);
      watcher.start();
      break;
    case "watch.offer":
      watcher.offered(notice.body.sdp);
      break;
    case "watch.candidate":
      watcher.remoteCandidate(notice.body.candidate);
      break;
    case "preflight.candidate":
      preflight.remoteCandidate(notice.body.candidate);
      break;
    case "publish.candidate":
      publishers[notice.body.kind].remoteCandidate(notice.body.candidate);
      break;
    case "publish.elsewhere":
      elsewhere(notice.body.kind);
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
