// How good my uplink is, measured before I come on screen: my camera and microphone go to the server for a few
// seconds, where nobody is shown them.

import { Socket } from "../protocol.js";
import { RemoteCandidates, toWire } from "./candidates.js";
import { Gauge } from "./gauge.js";
import { outgoing } from "./outgoing.js";
import { isBad, path } from "./quality.js";
import { ignoreLate } from "./watcher.js";

/** Milliseconds to connect, and to send once connected. */
const CONNECT_MS = 3_000;
const SEND_MS = 4_000;
/** Bits per second for the picture: enough to tell a weak uplink, little enough to hurt nobody on the same one. */
const BITRATE = 800_000;
/** Below this a camera cannot be sent well. Chromium has found out by the end, beginning at 300,000. */
const ENOUGH = 300_000;

/**
 * @typedef {object} Measured
 * @property {"good" | "weak" | "unknown"} uplink
 * @property {"direct" | "relayed" | "unknown"} path
 */

/** @type {Measured} */
const UNKNOWN = { uplink: "unknown", path: "unknown" };

export class Preflight {
  /** @type {RTCIceServer[]} */
  iceServers = [];
  /** @type {RTCPeerConnection | null} */
  #connection = null;
  #remote = new RemoteCandidates();
  /** Ends the wait of the one that runs. */
  #cut = () => {};
  /** @type {Promise<Measured> | null} */
  #running = null;

  /** @param {Socket} socket */
  constructor(socket) {
    this.socket = socket;
  }

  /** Never rejects; twice at once is one. @param {MediaStream} stream  stays open @returns {Promise<Measured>} */
  measure(stream) {
    this.#running ??= this.#measure(stream)
      .catch(() => UNKNOWN)
      .finally(() => {
        this.#running = null;
        this.stop();
      });
    return this.#running;
  }

  /** At once. What runs is `unknown`. */
  stop() {
    this.#cut();
    const connection = this.#connection;
    if (!connection) return;
    this.#connection = null;
    connection.onicecandidate = null;
    connection.close();
    this.socket.command("preflight.stop").catch(ignoreLate);
  }

  /** @param {BackstageWire.Candidate} candidate */
  remoteCandidate(candidate) {
    if (this.#connection) this.#remote.add(this.#connection, candidate);
  }

  /** @param {MediaStream} stream @returns {Promise<Measured>} */
  async #measure(stream) {
    const [audio = null] = stream.getAudioTracks();
    const [video = null] = stream.getVideoTracks();
    const { connection } = outgoing(this.iceServers, { audio, video, stream, bitrate: BITRATE });
    this.#connection = connection;
    this.#remote = new RemoteCandidates();
    const cut = new Promise((resolve) => (this.#cut = () => resolve(false)));
    /** @type {BackstageWire.Candidate[] | null} */
    let early = [];
    const send = (/** @type {BackstageWire.Candidate} */ candidate) =>
      void this.socket.command("preflight.candidate", { candidate }).catch(ignoreLate);
    connection.onicecandidate = ({ candidate }) => {
      // The server knows nothing of this connection before it has the offer.
      if (early) early.push(toWire(candidate));
      else send(toWire(candidate));
    };
    await connection.setLocalDescription();
    const { answer } = await this.socket.command("preflight.start", { sdp: connection.localDescription?.sdp });
    if (this.#connection !== connection) return UNKNOWN;
    for (const candidate of early.splice(0)) send(candidate);
    early = null;
    await connection.setRemoteDescription({ type: "answer", sdp: answer });
    this.#remote.flush(connection);
    if (!(await Promise.race([connected(connection), after(CONNECT_MS, false), cut]))) return UNKNOWN;
    const gauge = new Gauge(connection);
    gauge.start();
    const whole = await Promise.race([after(SEND_MS, true), cut]);
    gauge.end();
    if (!whole || this.#connection !== connection || !gauge.last) return UNKNOWN;
    const reports = await connection.getStats();
    const { judgement, last } = gauge;
    const tooLittle = video !== null && last.limited && last.available !== null && last.available < ENOUGH;
    return { uplink: judgement.weak || isBad(last) || tooLittle ? "weak" : "good", path: path(reports.values()) };
  }
}

/** @param {RTCPeerConnection} connection @returns {Promise<boolean>} */
function connected(connection) {
  return new Promise((resolve) => {
    const look = () => {
      if (connection.connectionState === "connected") resolve(true);
      else if (connection.connectionState === "failed") resolve(false);
    };
    connection.addEventListener("connectionstatechange", look);
    look();
  });
}

/** @template T @param {number} ms @param {T} value @returns {Promise<T>} */
function after(ms, value) {
  return new Promise((resolve) => setTimeout(resolve, ms, value));
}
