// The one PeerConnection that brings all five slots to this page. It is made once; people come and go inside it.

import { Refusal, Socket } from "../protocol.js";
import { SLOTS } from "../slots.js";
import { RemoteCandidates, toWire } from "./candidates.js";
import { Patience, Reach, Vigil } from "./connecting.js";

/**
 * What differs between the two rooms: the words of the wire.
 *
 * @typedef {object} Dialect
 * @property {"watch.start" | "viewer.start"} start
 * @property {"watch.answer" | "viewer.answer"} answer
 * @property {"watch.candidate" | "viewer.candidate"} candidate
 * @property {(event: RTCTrackEvent) => number} slotOf  to which slot (1 to 5) a track belongs
 */

/** @type {Dialect} */
export const BACKSTAGE = {
  start: "watch.start",
  answer: "watch.answer",
  candidate: "watch.candidate",
  // Audio of slot k has mid 2k-2, video 2k-1.
  slotOf: (event) => (Number(event.transceiver.mid) >> 1) + 1,
};

/** @type {Dialect} */
export const STAGE = {
  start: "viewer.start",
  answer: "viewer.answer",
  candidate: "viewer.candidate",
  // Streams are named slot1 to slot5.
  slotOf: (event) => Number(event.streams[0]?.id.replace("slot", "")),
};

/**
 * @typedef {object} WatcherHandlers
 * @property {(slot: number, stream: MediaStream) => void} stream  what the slot's element plays from now on
 * @property {(up: boolean) => void} [connection]
 * @property {() => void} [reach]  whether the network lets media through has changed
 */

export class Watcher {
  /** @type {RTCPeerConnection | null} */
  #connection = null;
  /** Over that connection. @type {Vigil | null} */
  #vigil = null;
  #candidates = new RemoteCandidates();
  #patience = new Patience(() => void this.#build());
  #wanted = false;
  /** Offers are answered one after the other. */
  #turn = Promise.resolve();

  /**
   * @param {Socket} socket
   * @param {Dialect} dialect
   * @param {WatcherHandlers} handlers
   */
  constructor(socket, dialect, handlers) {
    this.socket = socket;
    this.dialect = dialect;
    this.handlers = handlers;
    /** @type {RTCIceServer[]} */
    this.iceServers = [];
    this.reach = new Reach(() => handlers.reach?.());
  }

  get isWanted() {
    return this.#wanted;
  }

  /** The line is there, or media are ready (again): connect now, from the beginning. */
  start() {
    this.#wanted = true;
    this.#patience.now();
  }

  /** Media are ready: connect now, unless a connection stands or is being made. */
  ready() {
    const state = this.#connection?.connectionState;
    if (this.#wanted && (!state || state === "disconnected" || state === "failed")) this.start();
  }

  stop() {
    this.#wanted = false;
    this.reach.end();
    this.#patience.reset();
    this.#drop();
  }

  /** The server says that this connection is over. */
  lost() {
    if (!this.#wanted) return;
    this.#drop();
    this.#patience.later();
  }

  /** Janus wants to negotiate again. @param {string} sdp */
  offered(sdp) {
    const connection = this.#connection;
    if (!connection) return;
    this.#turn = this.#turn
      .then(() => this.#answer(connection, sdp))
      .catch(() => {
        // By then another may stand in its place, and has nothing to do with it.
        if (this.#connection === connection) this.lost();
      });
  }

  /** @param {BackstageWire.Candidate} candidate */
  remoteCandidate(candidate) {
    if (this.#connection) this.#candidates.add(this.#connection, candidate);
  }

  async #build() {
    this.#drop();
    if (!this.#wanted || !this.socket.isUp) return;
    const connection = new RTCPeerConnection({ iceServers: this.iceServers, bundlePolicy: "max-bundle" });
    this.#connection = connection;
    this.#candidates = new RemoteCandidates();
    this.#listen(connection);
    const vigil = new Vigil(connection, {
      connected: () => {
        this.#patience.reset();
        this.reach.end();
        this.handlers.connection?.(true);
      },
      lost: () => this.lost(),
    });
    this.#vigil = vigil;
    try {
      const { offer } = await this.socket.command(this.dialect.start);
      if (this.#connection !== connection) return;
      this.#turn = this.#answer(connection, offer);
      await this.#turn;
      if (this.#connection !== connection) return;
      vigil.exchanged();
      if (connection.connectionState !== "connected") this.reach.expect();
    } catch (error) {
      if (this.#connection !== connection) return;
      this.reach.end();
      this.#drop();
      // A lost line starts us again when it is back; `media.ready` or patience, when media are not ready.
      if (!(error instanceof Refusal && error.code === "disconnected")) this.#patience.later();
    }
  }

  /** @param {RTCPeerConnection} connection */
  #listen(connection) {
    /** @type {Map<number, MediaStream>} */
    const streams = new Map();
    connection.ontrack = (event) => {
      const slot = this.dialect.slotOf(event);
      if (!SLOTS.includes(slot)) return;
      const stream = streams.get(slot) ?? new MediaStream();
      streams.set(slot, stream);
      stream.addTrack(event.track);
      this.handlers.stream(slot, stream);
    };
    connection.onicecandidate = ({ candidate }) => {
      if (this.#connection === connection) {
        this.socket.command(this.dialect.candidate, { candidate: toWire(candidate) }).catch(ignoreLate);
      }
    };
  }

  /** @param {RTCPeerConnection} connection @param {string} offer */
  async #answer(connection, offer) {
    await connection.setRemoteDescription({ type: "offer", sdp: offer });
    this.#candidates.flush(connection);
    await connection.setLocalDescription();
    if (this.#connection !== connection) return;
    await this.socket.command(this.dialect.answer, { sdp: connection.localDescription?.sdp });
  }

  #drop() {
    const connection = this.#connection;
    if (!connection) return;
    this.#vigil?.end();
    this.#connection = this.#vigil = null;
    connection.ontrack = connection.onicecandidate = null;
    connection.close();
    this.handlers.connection?.(false);
  }
}

/** A candidate that comes too late for its connection is of no use to anybody. */
export function ignoreLate() {}
