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
  #report = { level: false, uplink: "unknown", path: "unknown", browser: browserName(navigator) };
  /** @type {string | null} */
  #request = null;
  /** @type {MediaStreamTrack | null} */
  #track = null;
  #listened = false;
  /** After a reload the devices are not held yet, and nothing is known. */
  #held = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #stopListening = () => {};
  /** Its uplink is measured, or has been. @type {MediaStream | null} */
  #sent = null;
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
      this.#request = request;
      this.#measured({ level: false, uplink: "unknown", path: "unknown" });
    }
    this.#held = held !== null;
    this.#measureUplink(request ? held : null);
    this.#listenTo((request && held?.getAudioTracks()[0]) || null);
    this.#tell();
  }

  /** @param {Partial<ModerationWire.Preflight>} measured */
  #measured(measured) {
    this.#report = { ...this.#report, ...measured };
  }

  /** Once for each request; other devices of mine have the same way to the server. @param {MediaStream | null} held */
  #measureUplink(held) {
    if (!held) {
      clearTimeout(this.#again);
      if (this.#sent) this.uplink.stop();
      this.#sent = null;
      return;
    }
    if (this.#sent) return;
    this.#sent = held;
    const request = this.#request;
    void this.uplink.measure(held).then((measured) => {
      if (this.#request !== request || this.#sent !== held) return;
      this.#measured(measured);
      this.#tell();
      // Cut short, by a line that was lost or a media server that was away.
      if (measured.uplink === "unknown") this.#again = setTimeout(() => (this.#sent = null), AGAIN_MS);
    });
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
