// My camera and microphone on this page: taken after the device check, sent while I am on screen, opened again after a
// reload, and let go for certain.

import * as devices from "./devices.js";
import { heldBefore, hold, noteHeld } from "./holder.js";
import { Publisher } from "./media/publisher.js";
import { Mine } from "./mine.js";
import { find, words } from "./page.js";
import { Socket } from "./protocol.js";
import { mix } from "./sound-mix.js";
import { myTile } from "./state.js";
import { announce, complain } from "./views/announcer.js";
import { DeviceCheck } from "./views/device-check.js";
import { tell } from "./views/waits.js";

/**
 * @typedef {object} Around  What this needs of the page.
 * @property {Socket} truth
 * @property {Publisher} publisher
 * @property {() => Room | null} room
 * @property {() => boolean} areNeeded  I am on screen, or may come there at any moment
 * @property {() => void} changed
 */

export class MyDevices {
  check = new DeviceCheck();
  /** Devices are being opened again after a reload. */
  isReopening = false;
  /** @type {(() => void) | null} */
  #releaseLock = null;
  /** My screen, while it stands in the place of my camera. @type {MediaStream | null} */
  #instead = null;
  #endMix = () => {};

  /** @param {Around} around */
  constructor(around) {
    this.around = around;
    this.mine = new Mine(around.changed);
  }

  /** @param {MediaStream} stream */
  take(stream) {
    this.mine.hold(stream);
    this.#hand();
    for (const track of stream.getTracks()) {
      // Unplugged, or taken away in the browser's own controls.
      track.onended = () => this.#ended(track);
    }
  }

  /** What is held goes to the publisher; with a screen in the camera's place, its sound mixed with my microphone. */
  #hand() {
    const { stream } = this.mine;
    if (!stream) return;
    this.#endMix();
    const { track, end } = mix([...stream.getAudioTracks(), ...(this.#instead?.getAudioTracks() ?? [])]);
    this.#endMix = end;
    this.around.publisher.hold(new MediaStream([...(track ? [track] : []), ...stream.getVideoTracks()]));
  }

  /** @param {MediaStreamTrack} track */
  #ended(track) {
    const { stream } = this.mine;
    if (!stream?.getTracks().includes(track)) return;
    this.take(new MediaStream(stream.getTracks().filter((each) => each !== track)));
    complain(words(`device-${track.kind}-ended`));
    this.#say();
  }

  /** My screen in the place of my camera, by the same connection; null: my camera again. @param {MediaStream | null} screen */
  showInstead(screen) {
    this.#instead = screen;
    this.around.publisher.replaceVideo(screen?.getVideoTracks()[0] ?? null);
    this.#hand();
    this.#say();
  }

  /** What my tile says of me. A screen in my camera's place is seen also while the camera is off. */
  get #devices() {
    const { microphone, camera } = this.mine.devices;
    return { microphone, camera: camera || this.#instead !== null };
  }

  /** By an organizer, or no longer. @param {boolean} muted @param {boolean} first  told on connecting, so it is no news */
  mute(muted, first) {
    const isNews = this.mine.isMuted !== muted && this.mine.stream !== null && !first;
    this.mine.mute(muted);
    if (isNews) announce(words(muted ? "muted-by-organizer" : "said-may-unmute"));
  }

  /** A reload of this tab opens the devices again, and no other tab does. */
  async becomeHolder() {
    const participant = this.around.room()?.me.participant;
    if (!participant) return;
    noteHeld(participant, true);
    this.#releaseLock ??= await hold(participant);
  }

  /** I am on screen. @param {BackstageWire.Tile} tile  mine */
  send(tile) {
    const { publisher } = this.around;
    if (publisher.isWanted) return;
    publisher.start();
    // What was switched while I waited.
    const { microphone, camera } = this.#devices;
    if (tile.microphone !== microphone || tile.camera !== camera) this.#say();
  }

  /**
   * After a reload: the browser has let go of the devices, the server has kept place and request.
   * @param {BackstageWire.Tile | null} tile  mine, if I am on screen
   */
  async reopen(tile) {
    const room = this.around.room();
    if (!room || this.mine.stream || this.isReopening) return;
    const { participant } = room.me;
    // In another tab or on another computer of mine it goes on.
    if (tile?.connected && !heldBefore(participant)) return;
    this.isReopening = true;
    this.#releaseLock ??= await hold(participant);
    if (this.#releaseLock || !navigator.locks) {
      const opened = await devices.open(devices.remembered());
      this.isReopening = false;
      if (!opened.stream.getTracks().length) {
        complain(words("reopen-failed"));
        this.around.changed();
        return;
      }
      if (!this.around.areNeeded()) {
        devices.letGo(opened.stream);
        this.letGo({ forget: true });
        return;
      }
      // Muted before the reload, muted after it.
      if (tile) this.mine.switch(tile.microphone || !opened.stream.getAudioTracks().length, tile.camera);
      noteHeld(participant, true);
      this.take(opened.stream);
      const now = this.around.room();
      const mine = now && myTile(now);
      if (mine) this.send(mine);
    }
    this.isReopening = false;
    this.around.changed();
  }

  /** @param {{ forget: boolean }} how  forget: not to be opened again after a reload */
  letGo({ forget }) {
    this.#instead = null;
    this.#endMix();
    this.#endMix = () => {};
    this.around.publisher.stop();
    this.mine.release();
    if (!forget) return;
    const room = this.around.room();
    if (room) noteHeld(room.me.participant, false);
    this.#releaseLock?.();
    this.#releaseLock = null;
  }

  releaseUnlessNeeded() {
    if (!this.isReopening && !this.around.areNeeded()) this.letGo({ forget: true });
  }

  async change() {
    const stream = await this.check.ask({ action: words("done"), held: this.mine.stream, opener: find("#my-devices") });
    if (!stream || !this.mine.stream) {
      devices.letGo(this.mine.stream ? null : stream);
      return;
    }
    this.take(stream);
    this.#say();
  }

  /** @param {DeviceKind} device */
  toggle(device) {
    const { mine } = this;
    if (!mine.stream) return;
    if (device === "microphone" && mine.isMuted) {
      announce(words("muted-by-organizer"));
      return;
    }
    if (device === "microphone" ? !mine.hasMicrophone : !mine.hasCamera) {
      void this.change();
      return;
    }
    mine.switch(
      device === "microphone" ? !mine.microphoneOn : mine.microphoneOn,
      device === "camera" ? !mine.cameraOn : mine.cameraOn,
    );
    announce(words(`${device}-${mine.devices[device] ? "on" : "off"}`));
    this.#say();
  }

  /** My tile says it to everybody. */
  #say() {
    const room = this.around.room();
    if (room && myTile(room)) this.around.truth.command("place.devices", this.#devices).catch(tell);
  }
}
