// The Backstage page: what is known (state.js), shown (views/), heard and sent (media/), put together.

import { MediaLine } from "./media-line.js";
import { MyDevices } from "./my-devices.js";
import { MyPlace } from "./my-place.js";
import { MyScreen } from "./my-screen.js";
import { find } from "./page.js";
import { Socket } from "./protocol.js";
import { Sound } from "./sound.js";
import { myTile, reduce } from "./state.js";
import { Arrival } from "./views/arrival.js";
import { Audience } from "./views/audience.js";
import { Banner } from "./views/banner.js";
import { Broadcasting } from "./views/broadcasting.js";
import { ClickToPlay } from "./views/click-to-play.js";
import { Controls } from "./views/controls.js";
import { Door } from "./views/door.js";
import { focusBeside, focusOn, isFocusLost } from "./views/focus.js";
import { renderInvitation } from "./views/invitation.js";
import { SelfView } from "./views/self-view.js";
import { SpeakerPicker } from "./views/speaker-picker.js";
import { Tiles } from "./views/tiles.js";
import { Topbar } from "./views/topbar.js";
import { Alarms, withStuck } from "./views/trouble.js";
import { turnAway } from "./views/turned-away.js";
import { NEXT, tell, waits } from "./views/waits.js";

const LEAVE_DEADLINE_MS = 1_500;

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

  #leaving = false;
  /** At the door of a full house, or on the way back in. */
  #isOutside = false;

  /** @param {BackstageConfig} config */
  constructor(config) {
    this.config = config;
    this.topbar = new Topbar();
    this.door = new Door();
    this.banner = new Banner();
    this.arrival = new Arrival();
    this.selfView = new SelfView();
    this.alarms = new Alarms();
    const blocked = () => this.clickToPlay.render();
    this.audience = config.organizer ? new Audience(config.preview_socket, isNotInsideYet, blocked) : null;
    this.tiles = new Tiles(find("#tiles"), blocked);
    this.sound = new Sound(document.querySelectorAll("audio"), blocked);
    this.clickToPlay = new ClickToPlay(() => {
      return { sound: this.sound, pictures: [this.tiles, ...(this.audience ? [this.audience.tiles] : [])] };
    });
    const end = (/** @type {{ code: number, text: string }} */ turned) => this.turnedAway(turned);
    this.truth = new Socket(config.backstage_socket, {
      notice: (notice) => this.#told(notice),
      line: (up) => this.#line(up),
      end,
    });
    this.broadcasting = config.organizer ? new Broadcasting(this.truth) : null;
    this.media = this.#openMedia(config.media_socket, end);
    this.devices = new MyDevices({
      truth: this.truth,
      publisher: this.media.camera,
      room: () => this.state,
      areNeeded: () => this.#areDevicesNeeded(),
      changed: () => this.#mineChanged(),
    });
    this.screen = new MyScreen({
      truth: this.truth,
      publisher: this.media.screen,
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
    this.controls = this.#makeControls();

    this.#listen();
  }

  /** @param {string} address @param {(turned: { code: number, text: string }) => void} end */
  #openMedia(address, end) {
    return new MediaLine(address, {
      stream: (slot, stream) => {
        this.tiles.setRemote(slot, stream);
        this.sound.set(slot, stream);
      },
      lost: () => this.tiles.loseRemote(),
      reach: () => this.render(),
      elsewhere: (kind) => this.#elsewhere(kind),
      refused: tell,
      end,
      patient: isNotInsideYet,
    });
  }

  #makeControls() {
    return new Controls({
      microphone: () => this.devices.toggle("microphone"),
      camera: () => this.devices.toggle("camera"),
      screen: () => this.screen.toggle(),
      screenInstead: () => void this.screen.share({ instead: true }),
      devices: () => void this.devices.change(),
      stopSharing: () => void waits(find("#stop-sharing"), () => this.truth.command("place.give")),
    });
  }

  #listen() {
    find("#leave").addEventListener("click", () => void this.leave());
    for (const button of document.querySelectorAll("[data-share]")) {
      button.addEventListener("click", () => void this.place.share(/** @type {HTMLButtonElement} */ (button)));
    }
    const useHere = /** @type {HTMLButtonElement} */ (find("#use-here"));
    useHere.addEventListener("click", () => void this.place.useHere(useHere));
    const stop = /** @type {HTMLButtonElement} */ (find("#stop-elsewhere"));
    stop.addEventListener("click", () => void waits(stop, () => this.truth.command("place.give")));
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
    this.#letGo();
    try {
      await this.truth.command("backstage.leave", {}, LEAVE_DEADLINE_MS);
    } catch {
      // Without a line the server notices by itself after a while.
    }
    this.#endVisit();
    location.assign(this.config.leave);
  }

  /** Nothing goes out of here any more, and nothing is heard. */
  #letGo() {
    this.screen.letGo();
    this.devices.letGo({ forget: true });
    this.media.watcher.stop();
  }

  #endVisit() {
    this.#letGo();
    this.truth.close();
    this.media.close();
    this.audience?.close();
    this.onEnd();
  }

  /** Draws again; for those whose own news change what is to be seen here. */
  render() {
    const room = this.state;
    if (!room) return;
    const focused = document.activeElement;
    const onScreen = Boolean(myTile(room));
    const isHeld = this.mine.stream !== null;
    const { isWaiting } = this.asking;
    const mine = room.tiles.filter(({ participant }) => participant === room.me.participant);
    this.truth.hurries = onScreen || isWaiting;
    this.topbar.render(room);
    this.audience?.follow(room);
    const tiles = withStuck(room.tiles, room.me.participant, this.media.isBlocked);
    this.tiles.render(tiles, room.me.participant, room.talking);
    // What I send I do not hear.
    this.sound.silence(new Set(mine.map(({ slot }) => slot)));
    this.alarms.follow(tiles.filter(({ stuck, participant }) => stuck || (isHeld && participant === room.me.participant)));
    this.controls.render({
      room,
      isHeld,
      onScreen,
      microphone: this.mine.devices.microphone,
      camera: this.mine.devices.camera,
      mayUnmute: this.mine.mayUnmute,
      screen: this.screen,
    });
    this.selfView.show(onScreen ? null : this.mine.stream);
    const { isReopening, hasFailedToReopen } = this.devices;
    renderInvitation(room, { onScreen, isWaiting, isHeld, isReopening, hasFailedToReopen });
    this.arrival.render(room, onScreen);
    this.broadcasting?.render(room);
    if (focused && focused !== document.body && isFocusLost()) goOnFrom(focused);
    document.body.dataset.ready = "true";
    this.onChange(room);
  }

  // --- What the server says -------------------------------------------------------------------------------------------

  /** @param {BackstageWire.AnyNotice} notice */
  #told(notice) {
    if (notice.type === "media.ready") {
      this.media.pass(notice);
      return;
    }
    if (notice.type === "you.left") {
      this.#left();
      return;
    }
    if (notice.type === "house.full") {
      this.#goOut();
      this.door.wait(notice.body);
      return;
    }
    if (notice.type === "backstage.snapshot") {
      this.#isOutside = false;
      this.door.letIn();
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
    this.#goOut();
    this.truth.renew();
  }

  /** Nothing goes out of here, and whatever is being opened for my place finds it gone. */
  #goOut() {
    this.#isOutside = true;
    const { state } = this;
    if (state) this.state = { ...state, tiles: state.tiles.filter((tile) => tile.participant !== state.me.participant) };
    this.screen.letGo();
    this.devices.letGo({ forget: true });
  }

  /** It now comes from another page of mine. @param {"camera" | "screen"} kind */
  #elsewhere(kind) {
    this.screen.letGo();
    if (kind === "camera") this.devices.letGo({ forget: true });
    this.render();
  }

  /** @param {boolean} up */
  #line(up) {
    if (!up) this.door.lineLost();
    this.banner.show(!up);
  }

  /** By any of the lines, for good. @param {{ code: number, text: string }} end */
  turnedAway(end) {
    if (this.#leaving) return;
    this.#leaving = true;
    this.#endVisit();
    turnAway(end, { signIn: this.config.sign_in, clear: () => this.banner.show(false) });
  }

  // --- My camera and microphone -----------------------------------------------------------------------------------------

  /** On screen, or about to be. */
  #areDevicesNeeded() {
    if (this.#leaving || this.#isOutside) return false;
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
}

/** What had the focus is gone. @param {Element} gone */
function goOnFrom(gone) {
  // Its own press gives it back when it is answered.
  if (gone.ariaBusy === "true") return;
  if (gone.matches("[data-tile-menu]")) focusBeside(gone, "[data-tile-menu]");
  else focusOn(...NEXT);
}

/** The lines beside the first one may be faster than it after a pause; then they have to come again. @param {string} reason */
export function isNotInsideYet(reason) {
  return reason === "not_inside";
}
