// The Backstage page: what is known (state.js), shown (views/), heard and sent (media/), put together.

import * as devices from "./devices.js";
import { heldBefore, hold, noteHeld } from "./holder.js";
import { Publisher } from "./media/publisher.js";
import { BACKSTAGE, Watcher } from "./media/watcher.js";
import { Mine } from "./mine.js";
import { find, words, write } from "./page.js";
import { DEADLINE_MS, isMisunderstanding, SIGNED_OUT, Socket } from "./protocol.js";
import { SLOTS } from "./slots.js";
import { Sound } from "./sound.js";
import { myTile, reduce } from "./state.js";
import { announce, complain } from "./views/announcer.js";
import { Controls } from "./views/controls.js";
import { DeviceCheck } from "./views/device-check.js";
import { Tiles } from "./views/tiles.js";
import { Topbar } from "./views/topbar.js";
import { turnAway } from "./views/turned-away.js";
import { tell, waits } from "./views/waits.js";

/** Milliseconds: a line that is back sooner was never missed. */
const BANNER_AFTER_MS = 600;
const LEAVE_DEADLINE_MS = 1_500;
/**
 * The media line has no snapshot; that it does not know this command it answers at once, unless it waits for Janus. For
 * that it is given time: pictures do not pass through it.
 */
const MEDIA_CHECK = { type: "line.check", deadline: DEADLINE_MS };

export class BackstageRoom {
  /** @type {Room | null} */
  state = null;
  mine = new Mine(() => this.#mineChanged());
  /** @type {Asking} */
  asking = { keepsDevices: false, isWaiting: false, ask: () => Promise.resolve() };
  /** Called after each change with all that is known. @type {(room: Room) => void} */
  onChange = () => {};
  /** Called once the server has let us in. */
  onInside = () => {};
  /** Called when this visit is over. */
  onEnd = () => {};

  #wasOnScreen = false;
  /** The place is asked for and not there yet. */
  #takingPlace = false;
  #reopening = false;
  /** @type {(() => void) | null} */
  #releaseLock = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #bannerTimer;
  #leaving = false;

  /** @param {BackstageConfig} config */
  constructor(config) {
    this.config = config;
    this.tiles = new Tiles(find("#tiles"));
    this.topbar = new Topbar();
    this.check = new DeviceCheck();
    this.sound = new Sound(document.querySelectorAll("audio"), (blocked) => {
      find("#click-to-hear").hidden = !blocked;
    });
    this.controls = new Controls({
      microphone: () => this.#toggle("microphone"),
      camera: () => this.#toggle("camera"),
      devices: () => void this.#changeDevices(),
      stopSharing: () => void waits(find("#stop-sharing"), () => this.truth.command("place.give")),
    });

    const end = (/** @type {{ code: number, text: string }} */ turned) => this.turnedAway(turned);
    this.truth = new Socket(config.backstage_socket, {
      notice: (notice) => this.#told(notice),
      line: (up) => this.#line(up),
      end,
    });
    const media = {
      notice: (/** @type {BackstageWire.AnyNotice} */ notice) => this.#mediaTold(notice),
      line: (/** @type {boolean} */ up) => {
        if (!up) this.publisher.lineLost();
      },
      end,
      patient: isNotInsideYet,
    };
    this.media = new Socket(config.media_socket, media, MEDIA_CHECK);
    this.watcher = new Watcher(this.media, BACKSTAGE, {
      stream: (slot, stream) => {
        this.tiles.setRemote(slot, stream);
        this.sound.set(slot, stream);
      },
      connection: (up) => {
        if (!up) this.tiles.loseRemote();
      },
    });
    this.publisher = new Publisher(this.media, tell);

    find("#click-to-hear").addEventListener("click", () => this.sound.unblock());
    find("#leave").addEventListener("click", () => void this.leave());
    for (const button of document.querySelectorAll("[data-share]")) {
      button.addEventListener("click", () => void this.#share(/** @type {HTMLButtonElement} */ (button)));
    }
    for (const [id, type] of /** @type {const} */ ([
      ["#broadcast", "broadcast.start"],
      ["#stop-broadcasting", "broadcast.stop"],
    ])) {
      const button = /** @type {HTMLButtonElement | null} */ (document.querySelector(id));
      button?.addEventListener("click", () => void waits(button, () => this.truth.command(type)));
    }
    // Until here a press would have been lost.
    for (const button of document.querySelectorAll("[data-early]")) {
      /** @type {HTMLButtonElement} */ (button).disabled = false;
      button.removeAttribute("data-early");
    }
    addEventListener("pagehide", () => this.#letGo({ forget: false }));
    // Coming back by the browser's Back button may show this page as it was left, without lines and devices.
    addEventListener("pageshow", (show) => {
      if (show.persisted) location.reload();
    });
  }

  open() {
    this.truth.open();
  }

  /** Gives everything back at once, then goes to the event's page. */
  async leave() {
    if (this.#leaving) return;
    this.#leaving = true;
    /** @type {HTMLButtonElement} */ (find("#leave")).disabled = true;
    this.#letGo({ forget: true });
    this.watcher.stop();
    try {
      await this.truth.command("backstage.leave", {}, LEAVE_DEADLINE_MS);
    } catch {
      // Without a line the server notices by itself after a while.
    }
    this.truth.close();
    this.media.close();
    this.onEnd();
    location.assign(this.config.leave);
  }

  /** Draws again; for those whose own news change what is to be seen here. */
  render() {
    const room = this.state;
    if (!room) return;
    const tile = myTile(room);
    const onScreen = Boolean(tile);
    const held = this.mine.stream !== null;
    this.topbar.render(room);
    this.tiles.render(room.tiles, room.me.participant);
    this.sound.silence(new Set(tile ? [tile.slot] : []));
    this.controls.render({ held, onScreen, microphone: this.mine.devices.microphone, camera: this.mine.devices.camera });
    this.#renderInvitation(room, onScreen);
    this.#renderBroadcast(room);
    document.body.dataset.ready = "true";
    this.onChange(room);
  }

  // --- What the server says -------------------------------------------------------------------------------------------

  /** @param {BackstageWire.AnyNotice} notice */
  #told(notice) {
    if (notice.type === "media.ready") {
      this.watcher.ready();
      this.publisher.ready();
      return;
    }
    if (notice.type === "you.left") {
      this.#left();
      return;
    }
    if (notice.type === "people.changed" && this.state && notice.body.as_of > (this.state.revision ?? 0)) {
      // Something was said that never came here.
      this.truth.command("snapshot.get").catch(() => {});
    }
    const first = this.state === null;
    const before = this.state ? myTile(this.state) : undefined;
    this.state = reduce(this.state, notice, performance.now());
    if (!this.state) return;
    if (first) {
      this.media.open();
      this.onInside();
    }
    this.#follow(this.state, before, first);
    this.render();
  }

  /** I left in another tab, or was away for too long. This page stays, and comes in anew, without tile and request. */
  #left() {
    if (this.#leaving) return;
    const { state } = this;
    // Whatever is being opened for the place must find it gone.
    if (state) this.state = { ...state, tiles: state.tiles.filter((tile) => tile.participant !== state.me.participant) };
    this.#letGo({ forget: true });
    this.truth.renew();
  }

  /**
   * My place on screen decides what is sent.
   *
   * @param {Room} room
   * @param {BackstageWire.Tile | undefined} before  my tile as it was
   * @param {boolean} first
   */
  #follow(room, before, first) {
    const tile = myTile(room);
    if (tile && !before) {
      performance.mark("hopin:accepted");
      this.#takingPlace = false;
      if (!first) announce(words("said-on-screen"));
    }
    if (tile && this.mine.stream) this.#send(tile);
    else if (tile && first) void this.#reopen(tile);
    if (!tile && this.#wasOnScreen) {
      if (!this.asking.isWaiting) this.#letGo({ forget: true });
      announce(words("said-off-screen"));
    }
    this.#wasOnScreen = Boolean(tile);
  }

  /** @param {BackstageWire.Tile} tile */
  #send(tile) {
    if (this.publisher.isWanted) return;
    this.publisher.start();
    // What was switched while I waited.
    const { microphone, camera } = this.mine.devices;
    if (tile.microphone !== microphone || tile.camera !== camera) this.#sayDevices();
  }

  /** @param {BackstageWire.AnyNotice} notice */
  #mediaTold(notice) {
    switch (notice.type) {
      case "media.config":
        this.watcher.iceServers = /** @type {any} */ (notice.body.ice_servers);
        this.publisher.configure(this.watcher.iceServers, notice.body.bitrate);
        this.watcher.start();
        break;
      case "watch.offer":
        this.watcher.offered(notice.body.sdp);
        break;
      case "watch.candidate":
        this.watcher.remoteCandidate(notice.body.candidate);
        break;
      case "publish.candidate":
        this.publisher.remoteCandidate(notice.body.candidate);
        break;
      case "publish.elsewhere":
        this.#letGo({ forget: true });
        this.render();
        break;
      case "media.lost":
        if (notice.body.which === "publish") this.publisher.lost();
        else this.watcher.lost();
        break;
      case "media.ready":
        this.watcher.ready();
        this.publisher.ready();
        break;
    }
  }

  /** @param {boolean} up */
  #line(up) {
    clearTimeout(this.#bannerTimer);
    if (up) find("#banner").hidden = true;
    else this.#bannerTimer = setTimeout(() => (find("#banner").hidden = false), BANNER_AFTER_MS);
  }

  /** By any of the lines, for good. @param {{ code: number, text: string }} end */
  turnedAway({ code, text }) {
    if (this.#leaving) return;
    this.#leaving = true;
    this.#letGo({ forget: true });
    this.watcher.stop();
    this.truth.close();
    this.media.close();
    this.onEnd();
    if (code === SIGNED_OUT) {
      location.assign(this.config.sign_in);
      return;
    }
    find("#banner").hidden = true;
    const why = isMisunderstanding(code) ? words("reload") : text;
    if (why) write(find("#turned-away-text"), why);
    turnAway();
  }

  // --- My camera and microphone -----------------------------------------------------------------------------------------

  /** The one way in: device check, then on screen or into the queue. @param {HTMLButtonElement} button */
  async #share(button) {
    const room = this.state;
    const needsToAsk = room ? !room.me.organizer && !room.me.may_return : !this.config.organizer;
    const action = words(needsToAsk ? "ask" : "share");
    const stream = await this.check.ask({ action, held: this.mine.stream, opener: button });
    if (!stream) return;
    this.#takingPlace = true;
    this.#take(stream);
    try {
      await this.truth.whenInside();
      void this.#becomeHolder();
      const { devices: mine } = this.mine;
      if (needsToAsk) await this.asking.ask(mine);
      else await this.truth.command("place.take", mine);
    } catch (error) {
      this.#takingPlace = false;
      this.releaseUnlessNeeded();
      tell(error);
    }
    this.#takingPlace = false;
    this.render();
    // The button that was pressed is gone.
    if (document.activeElement === document.body) find(this.asking.isWaiting ? "#withdraw" : "#my-microphone").focus();
  }

  /** @param {MediaStream} stream */
  #take(stream) {
    this.mine.hold(stream);
    this.publisher.hold(stream);
    for (const track of stream.getTracks()) {
      // Unplugged, or taken away in the browser's own controls.
      track.onended = () => {
        if (this.mine.stream?.getTracks().includes(track)) complain(words(`device-${track.kind}-ended`));
      };
    }
  }

  /** A reload of this tab opens the devices again, and no other tab does. */
  async #becomeHolder() {
    const participant = this.state?.me.participant;
    if (!participant) return;
    noteHeld(participant, true);
    this.#releaseLock ??= await hold(participant);
  }

  /**
   * After a reload: the browser has let go of the devices, the server has kept place and request.
   * @param {BackstageWire.Tile | null} tile  mine, if I am on screen
   */
  async #reopen(tile) {
    const room = this.state;
    if (!room || this.mine.stream || this.#reopening) return;
    const { participant } = room.me;
    // In another tab or on another computer of mine it goes on.
    if (tile?.connected && !heldBefore(participant)) return;
    this.#reopening = true;
    this.#releaseLock ??= await hold(participant);
    if (this.#releaseLock || !navigator.locks) {
      const opened = await devices.open(devices.remembered());
      this.#reopening = false;
      if (!opened.stream.getTracks().length) {
        complain(words("reopen-failed"));
        this.render();
        return;
      }
      if (!(this.state && myTile(this.state)) && !this.asking.keepsDevices) {
        devices.letGo(opened.stream);
        this.#letGo({ forget: true });
        return;
      }
      // Muted before the reload, muted after it.
      if (tile) this.mine.switch(tile.microphone || !opened.stream.getAudioTracks().length, tile.camera);
      noteHeld(participant, true);
      this.#take(opened.stream);
      const now = this.state && myTile(this.state);
      if (now) this.#send(now);
    }
    this.#reopening = false;
    this.render();
  }

  /** My request waits, as a reload found it. */
  reopenWhileWaiting() {
    void this.#reopen(null);
  }

  /** Lets go of the devices unless I am on screen, or about to be. */
  releaseUnlessNeeded() {
    const onScreen = this.state && myTile(this.state);
    if (onScreen || this.#takingPlace || this.asking.keepsDevices || this.#reopening) return;
    this.#letGo({ forget: true });
  }

  /** @param {{ forget: boolean }} how  forget: not to be opened again after a reload */
  #letGo({ forget }) {
    this.publisher.stop();
    this.mine.release();
    if (!forget) return;
    if (this.state) noteHeld(this.state.me.participant, false);
    this.#releaseLock?.();
    this.#releaseLock = null;
  }

  async #changeDevices() {
    const stream = await this.check.ask({ action: words("done"), held: this.mine.stream, opener: find("#my-devices") });
    if (!stream || !this.mine.stream) {
      devices.letGo(this.mine.stream ? null : stream);
      return;
    }
    this.#take(stream);
    this.#sayDevices();
  }

  /** @param {"microphone" | "camera"} device */
  #toggle(device) {
    const { mine } = this;
    if (!mine.stream) return;
    if (device === "microphone" ? !mine.hasMicrophone : !mine.hasCamera) {
      void this.#changeDevices();
      return;
    }
    mine.switch(
      device === "microphone" ? !mine.microphoneOn : mine.microphoneOn,
      device === "camera" ? !mine.cameraOn : mine.cameraOn,
    );
    announce(words(`${device}-${mine.devices[device] ? "on" : "off"}`));
    this.#sayDevices();
  }

  #sayDevices() {
    if (!this.state || !myTile(this.state)) return;
    this.truth.command("place.devices", this.mine.devices).catch(tell);
  }

  #mineChanged() {
    this.tiles?.setOwn(this.mine.stream);
    this.render();
  }

  // --- The centre and the bottom ---------------------------------------------------------------------------------------

  /** @param {Room} room @param {boolean} onScreen */
  #renderInvitation(room, onScreen) {
    const someone = room.tiles.length > 0;
    const { isWaiting } = this.asking;
    const needsToAsk = !room.me.organizer && !room.me.may_return;
    find("#welcome").hidden = someone;
    find("#welcome").dataset.waiting = String(isWaiting);
    for (const button of document.querySelectorAll("[data-share]")) {
      write(find("span", button), words(needsToAsk ? "ask" : "share"));
    }
    find("#welcome-share").hidden = someone || isWaiting;
    find("#bottom-share").hidden = !someone || isWaiting || onScreen;
    const full = room.tiles.length >= SLOTS.length && !needsToAsk;
    /** @type {HTMLButtonElement} */ (find("#bottom-share")).disabled = full;
    write(find("#bottom-text"), this.#bottomText(room, onScreen, full));
    find("#bottom-text").hidden = isWaiting || (onScreen && this.mine.stream !== null);
  }

  /** @param {Room} room @param {boolean} onScreen @param {boolean} full */
  #bottomText(room, onScreen, full) {
    if (onScreen) return words(this.#reopening ? "reopening" : "elsewhere");
    if (full) return words("full");
    return words(room.me.organizer || room.me.may_return ? "watching-organizer" : "watching-speaker");
  }

  /** @param {Room} room */
  #renderBroadcast(room) {
    const start = document.querySelector("#broadcast");
    const stop = document.querySelector("#stop-broadcasting");
    if (!(start instanceof HTMLElement && stop instanceof HTMLElement)) return;
    const { state } = room.show;
    const sending = state === "going_live" || state === "live";
    const hadFocus = document.activeElement === start || document.activeElement === stop;
    start.hidden = sending;
    stop.hidden = !sending;
    // One primary action at a time: first somebody on screen, then Broadcast.
    start.classList.toggle("button--primary", room.tiles.length > 0);
    if (hadFocus) (sending ? stop : start).focus();
  }
}

/** The lines beside the first one may be faster than it after a pause; then they have to come again. @param {string} reason */
export function isNotInsideYet(reason) {
  return reason === "not_inside";
}
