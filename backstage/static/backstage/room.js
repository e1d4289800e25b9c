// The Backstage page: what is known (state.js), shown (views/), heard and sent (media/), put together.

import { Preflight } from "./media/preflight.js";
import { Publisher } from "./media/publisher.js";
import { BACKSTAGE, Watcher } from "./media/watcher.js";
import { pass } from "./media-notices.js";
import { MyDevices } from "./my-devices.js";
import { MyPlace } from "./my-place.js";
import { MyScreen } from "./my-screen.js";
import { find, words, write } from "./page.js";
import { DEADLINE_MS, isMisunderstanding, SIGNED_OUT, Socket } from "./protocol.js";
import { Sound } from "./sound.js";
import { myTile, reduce } from "./state.js";
import { Alarms } from "./views/alarms.js";
import { Audience } from "./views/audience.js";
import { confirm } from "./views/confirm.js";
import { Controls } from "./views/controls.js";
import { renderInvitation } from "./views/invitation.js";
import { Door } from "./views/door.js";
import { SelfView } from "./views/self-view.js";
import { SpeakerPicker } from "./views/speaker-picker.js";
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
  /** @type {Asking} */
  asking = { keepsDevices: false, isWaiting: false, ask: () => Promise.resolve() };
  /** Called after each change with all that is known. @type {(room: Room) => void} */
  onChange = () => {};
  /** Called once the server has let us in. */
  onInside = () => {};
  /** Called when this visit is over. */
  onEnd = () => {};

  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #bannerTimer;
  #leaving = false;
  /** @type {import("./media-notices.js").Media} */
  #media;

  /** @param {BackstageConfig} config */
  constructor(config) {
    this.config = config;
    this.tiles = new Tiles(find("#tiles"));
    this.topbar = new Topbar();
    this.door = new Door();
    this.selfView = new SelfView();
    this.alarms = new Alarms();
    this.audience = config.organizer ? new Audience(config.preview_socket, isNotInsideYet) : null;
    this.sound = new Sound(document.querySelectorAll("audio"), (blocked) => {
      find("#click-to-hear").hidden = !blocked;
    });
    const end = (/** @type {{ code: number, text: string }} */ turned) => this.turnedAway(turned);
    this.truth = new Socket(config.backstage_socket, {
      notice: (notice) => this.#told(notice),
      line: (up) => this.#line(up),
      end,
    });
    const media = {
      notice: (/** @type {BackstageWire.AnyNotice} */ notice) => pass(notice, this.#media),
      line: (/** @type {boolean} */ up) => {
        if (!up) for (const publisher of Object.values(this.#media.publishers)) publisher.lineLost();
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
    const screenPublisher = new Publisher(this.media, tell, "screen");
    this.preflight = new Preflight(this.media);
    this.#media = {
      preflight: this.preflight,
      watcher: this.watcher,
      publishers: { camera: this.publisher, screen: screenPublisher },
      elsewhere: (kind) => this.#elsewhere(kind),
    };
    this.devices = new MyDevices({
      truth: this.truth,
      publisher: this.publisher,
      room: () => this.state,
      areNeeded: () => this.#areDevicesNeeded(),
      changed: () => this.#mineChanged(),
    });
    this.screen = new MyScreen({
      truth: this.truth,
      publisher: screenPublisher,
      devices: this.devices,
      room: () => this.state,
      changed: () => this.#mineChanged(),
    });
    this.devices.check.speakers = new SpeakerPicker(this.sound);
    this.place = new MyPlace({
      truth: this.truth,
      devices: this.devices,
      room: () => this.state,
      asking: () => this.asking,
      isOrganizer: config.organizer,
      changed: () => this.render(),
    });
    this.controls = new Controls({
      microphone: () => this.devices.toggle("microphone"),
      camera: () => this.devices.toggle("camera"),
      screen: () => this.screen.toggle(),
      screenInstead: () => void this.screen.share({ instead: true }),
      devices: () => void this.devices.change(),
      stopSharing: () => void waits(find("#stop-sharing"), () => this.truth.command("place.give")),
    });

    find("#click-to-hear").addEventListener("click", () => this.sound.unblock());
    find("#leave").addEventListener("click", () => void this.leave());
    for (const button of document.querySelectorAll("[data-share]")) {
      button.addEventListener("click", () => void this.place.share(/** @type {HTMLButtonElement} */ (button)));
    }
    for (const [id, type] of /** @type {const} */ ([
      ["#broadcast", "broadcast.start"],
      ["#stop-broadcasting", "broadcast.stop"],
    ])) {
      const button = /** @type {HTMLButtonElement | null} */ (document.querySelector(id));
      button?.addEventListener("click", () => void waits(button, () => this.truth.command(type)));
    }
    const cut = /** @type {HTMLButtonElement | null} */ (document.querySelector("#cut-now"));
    cut?.addEventListener("click", () => void this.#cut(cut));
    // Until here a press would have been lost.
    for (const button of document.querySelectorAll("[data-early]")) {
      /** @type {HTMLButtonElement} */ (button).disabled = false;
      button.removeAttribute("data-early");
    }
    addEventListener("pagehide", () => {
      this.screen.pageHides();
      this.devices.letGo({ forget: false });
    });
    // Coming back by the browser's Back button may show this page as it was left, without lines and devices.
    addEventListener("pageshow", (show) => {
      if (show.persisted) location.reload();
    });
  }

  /** My camera and microphone while this page holds them. */
  get mine() {
    return this.devices.mine;
  }

  open() {
    this.truth.open();
  }

  /** Gives everything back at once, then goes to the event's page. */
  async leave() {
    if (this.#leaving) return;
    this.#leaving = true;
    /** @type {HTMLButtonElement} */ (find("#leave")).disabled = true;
    this.screen.letGo();
    this.devices.letGo({ forget: true });
    this.watcher.stop();
    try {
      await this.truth.command("backstage.leave", {}, LEAVE_DEADLINE_MS);
    } catch {
      // Without a line the server notices by itself after a while.
    }
    this.truth.close();
    this.media.close();
    this.audience?.close();
    this.onEnd();
    location.assign(this.config.leave);
  }

  /** Draws again; for those whose own news change what is to be seen here. */
  render() {
    const room = this.state;
    if (!room) return;
    const onScreen = Boolean(myTile(room));
    const isHeld = this.mine.stream !== null;
    const { isWaiting } = this.asking;
    const mine = room.tiles.filter(({ participant }) => participant === room.me.participant);
    this.truth.hurries = Boolean(myTile(room)) || this.asking.isWaiting;
    this.topbar.render(room);
    this.audience?.follow(room);
    this.tiles.render(room.tiles, room.me.participant, room.talking);
    // What I send I do not hear.
    this.sound.silence(new Set(mine.map(({ slot }) => slot)));
    this.alarms.follow(isHeld ? mine : []);
    this.controls.render({
      room,
      isHeld,
      onScreen,
      microphone: this.mine.devices.microphone,
      camera: this.mine.devices.camera,
      screen: this.screen,
    });
    this.selfView.show(onScreen ? null : this.mine.stream);
    renderInvitation(room, { onScreen, isWaiting, isHeld, isReopening: this.devices.isReopening });
    this.#renderBroadcast(room);
    document.body.dataset.ready = "true";
    this.onChange(room);
  }

  // --- What the server says -------------------------------------------------------------------------------------------

  /** @param {BackstageWire.AnyNotice} notice */
  #told(notice) {
    if (notice.type === "media.ready") {
      pass(notice, this.#media);
      return;
    }
    if (notice.type === "you.left") {
      this.#left();
      return;
    }
    if (notice.type === "house.full") {
      this.door.wait(notice.body);
      return;
    }
    if (notice.type === "backstage.snapshot") this.door.letIn();
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
      this.audience?.open();
      this.onInside();
    }
    this.devices.mute(this.state.me.muted, first);
    this.place.follow(this.state, before, first);
    this.screen.follow(this.state, first);
    this.render();
  }

  /** I left in another tab, or was away for too long. This page stays, and comes in anew, without tile and request. */
  #left() {
    if (this.#leaving) return;
    const { state } = this;
    // Whatever is being opened for the place must find it gone.
    if (state) this.state = { ...state, tiles: state.tiles.filter((tile) => tile.participant !== state.me.participant) };
    this.devices.letGo({ forget: true });
    this.truth.renew();
  }

  /** It now comes from another page of mine. @param {"camera" | "screen"} kind */
  #elsewhere(kind) {
    this.screen.letGo();
    if (kind === "camera") this.devices.letGo({ forget: true });
    this.render();
  }

  /** @param {boolean} up */
  #line(up) {
    clearTimeout(this.#bannerTimer);
    if (!up) this.door.lineLost();
    if (up) find("#banner").hidden = true;
    else this.#bannerTimer = setTimeout(() => (find("#banner").hidden = false), BANNER_AFTER_MS);
  }

  /** By any of the lines, for good. @param {{ code: number, text: string }} end */
  turnedAway({ code, text }) {
    if (this.#leaving) return;
    this.#leaving = true;
    this.screen.letGo();
    this.devices.letGo({ forget: true });
    this.watcher.stop();
    this.truth.close();
    this.media.close();
    this.audience?.close();
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

  /** On screen, or about to be. */
  #areDevicesNeeded() {
    return Boolean(this.state && myTile(this.state)) || this.place.isTaking || this.asking.keepsDevices;
  }

  /** My request waits, as a reload found it. */
  reopenWhileWaiting() {
    void this.devices.reopen(null);
  }

  /** Lets go of the devices unless I am on screen, or about to be. */
  releaseUnlessNeeded() {
    this.devices.releaseUnlessNeeded();
  }

  #mineChanged() {
    this.tiles.setOwn({ camera: this.mine.stream, screen: this.screen.stream });
    this.render();
  }

  // --- The bottom -------------------------------------------------------------------------------------------------------

  /** @param {HTMLButtonElement} button */
  async #cut(button) {
    const seconds = this.state?.show.delayS ?? 0;
    const isSure = await confirm({
      title: words("cut-title"),
      text: words("cut-text", { n: seconds }),
      action: words("cut-action"),
    });
    if (isSure) await waits(button, () => this.truth.command("broadcast.cut"));
  }

  /** @param {Room} room */
  #renderBroadcast(room) {
    const start = document.querySelector("#broadcast");
    const stop = document.querySelector("#stop-broadcasting");
    if (!(start instanceof HTMLElement && stop instanceof HTMLElement)) return;
    const cut = find("#cut-now");
    const { state } = room.show;
    const sending = state === "going_live" || state === "live";
    const { activeElement } = document;
    const hadFocus =
      activeElement === start || activeElement === stop || (activeElement === cut && state === "off_air");
    start.hidden = sending;
    stop.hidden = !sending;
    // Also while the last seconds play: what nobody has seen yet can still be destroyed.
    cut.hidden = state === "off_air";
    // One primary action at a time: first somebody on screen, then Broadcast.
    start.classList.toggle("button--primary", room.tiles.length > 0);
    if (hadFocus) (sending ? stop : start).focus();
  }
}

/** The lines beside the first one may be faster than it after a pause; then they have to come again. @param {string} reason */
export function isNotInsideYet(reason) {
  return reason === "not_inside";
}
