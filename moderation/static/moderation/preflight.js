// What my page finds out while my request waits, and tells the organizers: is my microphone heard, how is my link.

import { measure } from "../backstage/level.js";
import { Socket } from "../backstage/protocol.js";
import { browserName } from "./browser-name.js";
import { Paced } from "./paced.js";

const EVERY_MS = 2_000;
/** Whoever has said nothing by then is reported as not heard yet. */
const LISTEN_MS = 2_000;
/** After a measurement of the uplink that was cut short. */
const AGAIN_MS = 10_000;
/** Of `measure`: about -39 dBFS, which speech reaches and a quiet room does not. */
const HEARD = 0.3;

export class Preflight {
  /** @type {ModerationWire.Preflight} */
  #report = {
    microphone: false,
    camera: false,
    level: false,
    uplink: "unknown",
    path: "unknown",
    browser: browserName(navigator),
  };
  /** @type {string | null} */
  #request = null;
  /** @type {MediaStreamTrack | null} */
  #track = null;
  #listened = false;
  /** After a reload the devices are not held yet, and nothing is known. @type {MediaStream | null} */
  #held = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #stopListening = () => {};
  /** The uplink is measured, or has been, for this request. */
  #isSent = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #again;

  /** @param {Socket} socket @param {UplinkMeasure} uplink */
  constructor(socket, uplink) {
    this.uplink = uplink;
    this.paced = new Paced(
      (/** @type {ModerationWire.Preflight} */ report) => socket.command("request.preflight", report),
      EVERY_MS,
    );
  }

  /** @param {string | null} request  mine, while it waits @param {MediaStream | null} held  camera and microphone */
  follow(request, held) {
    if (request !== this.#request) {
      this.paced.reset();
      this.#forgetUplink();
      this.#request = request;
      this.#measured({ level: false, uplink: "unknown", path: "unknown" });
    }
    this.#held = held;
    this.#measured({
      microphone: Boolean(held?.getAudioTracks().length),
      camera: Boolean(held?.getVideoTracks().length),
    });
    if (request && held) this.#measureUplink(held);
    else this.#forgetUplink();
    this.#listenTo((request && held?.getAudioTracks()[0]) || null);
    this.#tell();
  }

  /** @param {Partial<ModerationWire.Preflight>} measured */
  #measured(measured) {
    this.#report = { ...this.#report, ...measured };
  }

  /** Once for each request; other devices of mine have the same way to the server. @param {MediaStream} held */
  #measureUplink(held) {
    if (this.#isSent) return;
    this.#isSent = true;
    const request = this.#request;
    void this.uplink.measure(held).then((measured) => {
      if (this.#request !== request || !this.#isSent) return;
      this.#measured(measured);
      this.#tell();
      // Cut short, by a line that was lost or a media server that was away.
      clearTimeout(this.#again);
      if (measured.uplink === "unknown") this.#again = setTimeout(() => this.#measureAgain(), AGAIN_MS);
    });
  }

  #measureAgain() {
    this.#isSent = false;
    if (this.#held) this.#measureUplink(this.#held);
  }

  #forgetUplink() {
    clearTimeout(this.#again);
    if (this.#isSent) this.uplink.stop();
    this.#isSent = false;
  }

  /** @param {MediaStreamTrack | null} track */
  #listenTo(track) {
    if (track === this.#track) return;
    this.#stopListening();
    clearTimeout(this.#timer);
    this.#track = track;
    this.#listened = false;
    this.#measured({ level: false });
    if (!track) {
      this.#stopListening = () => {};
      return;
    }
    this.#timer = setTimeout(() => this.#listenedLongEnough(), LISTEN_MS);
    const stop = measure(track, (level) => {
      if (level < HEARD) return;
      this.#stopListening();
      this.#measured({ level: true });
      this.#listenedLongEnough();
    });
    this.#stopListening = () => {
      stop();
      this.#stopListening = () => {};
    };
  }

  #listenedLongEnough() {
    clearTimeout(this.#timer);
    this.#listened = true;
    this.#tell();
  }

  #tell() {
    if (this.#request && this.#held && (this.#listened || !this.#track)) this.paced.tell(this.#report);
  }
}
