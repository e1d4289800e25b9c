// Sends my camera and microphone, or my screen and its sound. The connection is made ready while I wait, so that being
// accepted costs one round.

import { letGo } from "../devices.js";
import { Refusal, Socket } from "../protocol.js";
import { RemoteCandidates, toWire } from "./candidates.js";
import { Patience, Reach, Vigil } from "./connecting.js";
import { Gauge } from "./gauge.js";
import { outgoing } from "./outgoing.js";
import { withOpusDtx } from "./sdp.js";
import { ignoreLate } from "./watcher.js";

/**
 * What the encoder is told of the content. "detail" keeps the resolution and gives up frames, so that small text stays
 * readable; "music" switches off what only helps speech: https://www.w3.org/TR/mst-content-hint/
 */
const HINTS = {
  camera: { audio: "speech", video: "motion" },
  screen: { audio: "music", video: "detail" },
};

/**
 * @typedef {object} Prepared  An offer that waits to be sent.
 * @property {RTCPeerConnection} connection
 * @property {Vigil} vigil
 * @property {Gauge} gauge
 * @property {RTCRtpSender} audio
 * @property {RTCRtpSender} video
 * @property {RemoteCandidates} remote
 * @property {Promise<void>} offered  the local description is set
 * @property {boolean} sent
 */

export class Publisher {
  /** @type {MediaStream | null} */
  #stream = null;
  /** A picture that goes in place of the stream's own. @type {MediaStreamTrack | null} */
  #instead = null;
  /** @type {Prepared | null} */
  #prepared = null;
  #patience = new Patience(() => void this.#publish());
  #wanted = false;
  /** The server cannot do with what this browser offers: nothing to try again until the next time on screen. */
  #isUnfit = false;
  /** Called when whether the network lets media through has changed. */
  onReach = () => {};
  reach = new Reach(() => this.onReach());
  /** The server has told us how to connect, on the line that is up now. */
  #configured = false;

  /**
   * @param {Socket} socket
   * @param {(refusal: Refusal) => void} refused  will not be tried again
   * @param {BackstageWire.Publish["kind"]} [kind]
   */
  constructor(socket, refused, kind = "camera") {
    this.socket = socket;
    this.refused = refused;
    /** @type {"camera" | "screen"} */
    this.kind = kind ?? "camera";
    /** @type {RTCIceServer[]} */
    this.iceServers = [];
    /** Bits per second for the picture. */
    this.bitrate = 1_200_000;
    if (typeof addEventListener === "function") {
      // Another network has other addresses: what was gathered on the old one is worth nothing.
      addEventListener("online", () => {
        if (this.#prepared && !this.#prepared.sent) this.#prepare();
      });
    }
  }

  get isWanted() {
    return this.#wanted;
  }

  /** Take this stream, now and in place of an earlier one, and be ready to send it. @param {MediaStream} stream */
  hold(stream) {
    this.#stream = stream;
    const hints = HINTS[this.kind];
    for (const track of stream.getAudioTracks()) track.contentHint = hints.audio;
    for (const track of stream.getVideoTracks()) track.contentHint = hints.video;
    if (this.#prepared) this.#replaceTracks(this.#prepared);
    else this.#prepare();
  }

  /**
   * Send this picture in place of the held stream's own, until it is null; the sound goes on. It stays across new
   * streams and connections, and belongs to whoever gave it: `stop` forgets it, and leaves it open.
   *
   * @param {MediaStreamTrack | null} track
   */
  replaceVideo(track) {
    this.#instead = track;
    if (track) track.contentHint = HINTS.screen.video;
    if (this.#prepared) this.#replaceTracks(this.#prepared);
  }

  /** What is to be sent now. */
  get #tracks() {
    return {
      audio: this.#stream?.getAudioTracks()[0] ?? null,
      video: this.#instead ?? this.#stream?.getVideoTracks()[0] ?? null,
    };
  }

  /** Without negotiating: https://www.w3.org/TR/webrtc/#dom-rtcrtpsender-replacetrack @param {Prepared} prepared */
  #replaceTracks(prepared) {
    const { audio, video } = this.#tracks;
    // On a connection that is just closing it is refused; the next one is made with these tracks.
    prepared.audio.replaceTrack(audio).catch(ignoreLate);
    prepared.video.replaceTrack(video).catch(ignoreLate);
  }

  /** I am on screen: send. */
  start() {
    if (this.#wanted) return;
    this.#wanted = true;
    this.#patience.now();
  }

  /** The line is new: the server has forgotten the old connection. @param {RTCIceServer[]} iceServers @param {number} bitrate */
  configure(iceServers, bitrate) {
    this.iceServers = iceServers;
    this.bitrate = bitrate;
    this.#configured = true;
    this.#again();
  }

  /** The line is lost. What is being sent may go on until there is a new one. */
  lineLost() {
    this.#configured = false;
  }

  #again() {
    if (!this.#stream) return;
    this.#prepare();
    if (this.#wanted) this.#patience.now();
  }

  /** Media are ready: send now, unless a connection stands or is being made. */
  ready() {
    if (!this.#wanted) return;
    const state = this.#prepared?.sent ? this.#prepared.connection.connectionState : undefined;
    if (!state || state === "disconnected" || state === "failed") this.#again();
  }

  /** The server says that the connection is over. */
  lost() {
    if (!this.#stream) return;
    this.#prepare();
    if (this.#wanted) this.#patience.later();
  }

  /** I am not on screen any more, or about to leave: stop sending, and let go of camera and microphone for certain. */
  stop() {
    const wasSent = this.#prepared?.sent;
    this.#wanted = this.#isUnfit = false;
    this.reach.end();
    this.#patience.reset();
    this.#drop();
    letGo(this.#stream);
    this.#stream = this.#instead = null;
    if (wasSent) this.socket.command("publish.stop", { kind: this.kind }).catch(ignoreLate);
  }

  /** @param {BackstageWire.Candidate} candidate */
  remoteCandidate(candidate) {
    if (this.#prepared) this.#prepared.remote.add(this.#prepared.connection, candidate);
  }

  /** Everything that can be done before being accepted: connection, offer, candidates. */
  #prepare() {
    this.#drop();
    const stream = this.#stream;
    if (!stream || !this.#configured) return;
    const made = outgoing(this.iceServers, { ...this.#tracks, stream, bitrate: this.bitrate });
    const { connection } = made;
    const gauge = new Gauge(connection, (weak) => this.#tellQuality(prepared, weak));
    /** @type {Prepared} */
    const prepared = {
      ...made,
      gauge,
      vigil: new Vigil(connection, {
        connected: () => {
          performance.mark("hopin:connected");
          this.#patience.reset();
          this.reach.end();
          gauge.start();
        },
        lost: () => this.#failed(prepared),
      }),
      remote: new RemoteCandidates(),
      offered: connection.setLocalDescription(),
      sent: false,
    };
    this.#prepared = prepared;
    prepared.offered.catch(() => this.#failed(prepared));
    connection.onicecandidate = ({ candidate }) => {
      // Until the offer is sent its own text collects them.
      if (prepared.sent) this.#sendCandidate(candidate);
    };
  }

  async #publish() {
    if (!this.#wanted || this.#isUnfit || !this.#configured) return;
    if (!this.#prepared || this.#prepared.sent) this.#prepare();
    const prepared = this.#prepared;
    if (!prepared) return;
    try {
      await prepared.offered;
      if (this.#prepared !== prepared || !this.#wanted) return;
      const { connection } = prepared;
      prepared.sent = true;
      performance.mark("hopin:offer-sent");
      const replied = this.socket.command("publish.start", {
        sdp: connection.localDescription?.sdp,
        kind: this.kind,
      });
      if (connection.iceGatheringState === "complete") this.#sendCandidate(null);
      const { answer } = await replied;
      if (this.#prepared !== prepared) return;
      performance.mark("hopin:answer");
      await connection.setRemoteDescription({ type: "answer", sdp: this.#inOurWords(answer) });
      prepared.remote.flush(connection);
      if (this.#prepared !== prepared) return;
      prepared.vigil.exchanged();
      if (connection.connectionState !== "connected") this.reach.expect();
    } catch (error) {
      if (this.#prepared === prepared) this.#refusedOrFailed(prepared, error);
    }
  }

  /** A screen's sound may be music, which a pause in sending would chop. @param {string} answer */
  #inOurWords(answer) {
    return this.kind === "screen" ? answer : withOpusDtx(answer);
  }

  /** Everybody's tile of me says it. A new connection begins without it. @param {Prepared} prepared @param {boolean} weak */
  #tellQuality(prepared, weak) {
    if (this.#prepared === prepared) this.socket.command("publish.quality", { weak, kind: this.kind }).catch(ignoreLate);
  }

  /** @param {Prepared} prepared @param {unknown} error */
  #refusedOrFailed(prepared, error) {
    const code = error instanceof Refusal ? error.code : "";
    this.reach.end();
    if (code === "publish.unfit") {
      this.#isUnfit = true;
      this.#prepare();
      this.refused(/** @type {Refusal} */ (error));
    } else if (code === "publish.not_on_screen") {
      // No news: the tiles say so too, and then devices are let go.
      this.#wanted = false;
      this.#prepare();
    } else if (code !== "disconnected") {
      // Most of all `media.not_ready`. Whether I am on screen the tiles say, so nothing but them ends the trying.
      this.#failed(prepared);
    }
  }

  /** @param {Prepared} prepared */
  #failed(prepared) {
    if (this.#prepared === prepared) this.lost();
  }

  /** @param {RTCIceCandidate | null} candidate */
  #sendCandidate(candidate) {
    const body = { candidate: toWire(candidate), kind: this.kind };
    this.socket.command("publish.candidate", body).catch(ignoreLate);
  }

  #drop() {
    const prepared = this.#prepared;
    if (!prepared) return;
    this.#prepared = null;
    prepared.vigil.end();
    prepared.gauge.end();
    prepared.connection.onicecandidate = null;
    prepared.connection.close();
  }
}
