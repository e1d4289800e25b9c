// My camera and microphone on this page: taken after the device check, sent while I am on screen, opened again after a
// reload, and let go for certain.

import * as devices from "./devices.js";
import { heldBefore, hold, noteHeld, noteSwitches, switchesBefore } from "./holder.js";
import { Publisher } from "./media/publisher.js";
import { Mine } from "./mine.js";
import { find, words } from "./page.js";
import { Socket } from "./protocol.js";
import { mix } from "./sound-mix.js";
import { myTile } from "./state.js";
import { Told } from "./told.js";
import { announce, complain } from "./views/announcer.js";
import { DeviceCheck } from "./views/device-check.js";
import { unreached } from "./views/trouble.js";
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
  /** They could not be. */
  hasFailedToReopen = false;
  /** @type {(() => void) | null} */
  #releaseLock = null;
  /** My screen, while it stands in the place of my camera. @type {MediaStream | null} */
  #instead = null;
  #endMix = () => {};
  #told;
  /** Unplugged, or taken away in the browser's own controls. @param {Event} ended */
  #onEnded = ({ target }) => this.#ended(/** @type {MediaStreamTrack} */ (target));

  /** Another tab of mine uses its own camera and microphone now. */
  #onStolen = () => {
    this.#releaseLock = null;
    this.letGo({ forget: true });
    this.around.changed();
  };

  /** @param {Around} around */
  constructor(around) {
    this.around = around;
    this.mine = new Mine(() => {
      this.#noteSwitches();
      around.changed();
    });
    this.#told = new Told((switches) => around.truth.command("place.devices", switches));
  }

  /** @param {MediaStream} stream */
  take(stream) {
    this.hasFailedToReopen = false;
    this.mine.hold(stream);
    this.#hand();
    for (const track of stream.getTracks()) track.addEventListener("ended", this.#onEnded);
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
    this.#noteSwitches();
    if (this.#releaseLock) return;
    const release = await hold(participant, { steal: true, stolen: this.#onStolen });
    if (this.mine.stream && !this.#releaseLock) this.#releaseLock = release;
    else release?.();
  }

  /** I am on screen. @param {BackstageWire.Tile} tile  mine */
  send(tile) {
    const { publisher } = this.around;
    if (!publisher.isWanted) {
      publisher.start();
      this.#told.forget();
    }
    // What was switched while I waited, or while the line was lost.
    this.#told.correct(tile, this.mine.devices);
  }

  /**
   * After a reload: the browser has let go of the devices, the server has kept place and request.
   *
   * @param {BackstageWire.Tile | null} tile  mine, if I am on screen
   * @param {{ isAbandoned?: boolean }} [how]  no page of mine sends what the tile shows
   */
  async reopen(tile, { isAbandoned = false } = {}) {
    const room = this.around.room();
    if (!room || this.mine.stream || this.isReopening) return;
    const { participant } = room.me;
    // In another tab or on another computer of mine it goes on.
    if (!isAbandoned && !heldBefore(participant)) return;
    this.isReopening = true;
    this.#releaseLock ??= await hold(participant, { stolen: this.#onStolen });
    if (this.#releaseLock || !navigator.locks) await this.#reopenAs(participant, tile);
    // A tab that was duplicated has the other's memory; what is held there it does not take.
    else noteHeld(participant, false);
    this.isReopening = false;
    this.around.changed();
  }

  /** @param {string} participant @param {BackstageWire.Tile | null} tile */
  async #reopenAs(participant, tile) {
    const { stream } = await devices.open(devices.remembered());
    if (!this.around.areNeeded()) {
      devices.letGo(stream);
      this.letGo({ forget: true });
      return;
    }
    if (!stream.getTracks().length) {
      this.hasFailedToReopen = true;
      this.#unlock();
      complain(words("reopen-failed"));
      return;
    }
    this.#restoreSwitches(participant, tile, stream);
    noteHeld(participant, true);
    this.take(stream);
    this.#sendIfOnScreen();
  }

  /** This page takes over what another one of mine sends, or sent. @param {MediaStream} stream */
  takeOver(stream) {
    const room = this.around.room();
    if (!room || !this.around.areNeeded()) {
      devices.letGo(stream);
      return;
    }
    this.#restoreSwitches(room.me.participant, myTile(room) ?? null, stream);
    this.take(stream);
    void this.becomeHolder();
    this.#sendIfOnScreen();
  }

  #sendIfOnScreen() {
    const room = this.around.room();
    const tile = room && myTile(room);
    if (tile) this.send(tile);
  }

  /**
   * What was off stays off. Of what this tab does not remember the tile tells the rest, except for a camera whose place a
   * screen has taken.
   *
   * @param {string} participant @param {BackstageWire.Tile | null} tile @param {MediaStream} stream
   */
  #restoreSwitches(participant, tile, stream) {
    const kept = switchesBefore(participant);
    if (kept) this.mine.switch(kept.microphone, kept.camera);
    else if (tile) {
      this.mine.switch(tile.microphone || !stream.getAudioTracks().length, tile.camera && !tile.replaces_camera);
    }
  }

  #noteSwitches() {
    const participant = this.around.room()?.me.participant;
    if (!participant || !this.mine.stream) return;
    noteSwitches(participant, { microphone: this.mine.microphoneOn, camera: this.mine.cameraOn });
  }

  /** Also of what is being opened. @param {{ forget: boolean }} how  forget: not to be opened again after a reload */
  letGo({ forget }) {
    this.check.cancel();
    this.hasFailedToReopen = false;
    this.#instead = null;
    this.#endMix();
    this.#endMix = () => {};
    this.around.publisher.stop();
    this.mine.release();
    if (forget) this.#forget();
  }

  #forget() {
    const room = this.around.room();
    if (room) noteHeld(room.me.participant, false);
    this.#unlock();
  }

  #unlock() {
    this.#releaseLock?.();
    this.#releaseLock = null;
  }

  releaseUnlessNeeded() {
    if (this.isReopening || this.around.areNeeded()) return;
    if (this.mine.stream) this.letGo({ forget: true });
    // Whoever is just choosing devices goes on choosing.
    else this.#forget();
  }

  async change() {
    const room = this.around.room();
    const tile = room && myTile(room);
    const stream = await this.check.ask({
      action: words("done"),
      held: this.mine.stream,
      opener: find("#my-devices"),
      again: tile ? unreached(tile) : [],
    });
    if (stream && this.mine.stream) {
      this.take(stream);
      this.#say();
    } else {
      devices.letGo(stream);
      await this.#mend();
    }
  }

  /**
   * Trying other devices may have cost the ones that are held: Safari mutes a microphone for good when another one is
   * opened (https://bugs.webkit.org/show_bug.cgi?id=179363), and what others did not see was stopped to start it anew.
   */
  async #mend() {
    const spoilt = this.mine.stream?.getTracks().filter(({ muted, readyState }) => muted || readyState === "ended") ?? [];
    if (!spoilt.length) return;
    const choice = devices.remembered();
    const isSpoilt = (/** @type {string} */ kind) => spoilt.some((track) => track.kind === kind);
    const { stream } = await devices.open({
      camera: isSpoilt("video") ? choice.camera : null,
      microphone: isSpoilt("audio") ? choice.microphone : null,
    });
    if (!this.mine.stream) {
      devices.letGo(stream);
      return;
    }
    const whole = this.mine.stream.getTracks().filter((track) => !spoilt.includes(track));
    this.take(new MediaStream([...whole, ...stream.getTracks()]));
    for (const { kind } of spoilt) {
      if (!stream.getTracks().some((track) => track.kind === kind)) complain(words(`device-${kind}-ended`));
    }
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
    if (room && myTile(room)) this.#told.say(this.mine.devices).catch(tell);
  }
}
