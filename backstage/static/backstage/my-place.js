// My way on screen and off it: the device check, then a place or the queue; and what my place means for my devices.

import { Expected } from "./expected.js";
import { MyDevices } from "./my-devices.js";
import { words } from "./page.js";
import { Socket } from "./protocol.js";
import { myTile } from "./state.js";
import { announce, complain } from "./views/announcer.js";
import { focusOn, isFocusLost } from "./views/focus.js";
import { waits } from "./views/waits.js";

/**
 * @typedef {object} Way  What this needs of the page.
 * @property {Socket} truth
 * @property {MyDevices} devices
 * @property {() => Room | null} room
 * @property {() => Asking} asking
 * @property {boolean} isOrganizer
 * @property {() => void} changed
 */

export class MyPlace {
  /** The server is asked for the place, or for a place in the queue. */
  #isAsking = false;
  /** It has given me the place, and the tile is not here yet. */
  #tile = new Expected(
    () => this.way.truth.command("snapshot.get"),
    () => this.way.devices.releaseUnlessNeeded(),
  );
  #wasOnScreen = false;

  /** @param {Way} way */
  constructor(way) {
    this.way = way;
  }

  /** I may be on screen at any moment. */
  get isTaking() {
    return this.#isAsking || this.#tile.isOn;
  }

  /** Device check, then on screen or into the queue. @param {HTMLButtonElement} button */
  async share(button) {
    if (this.isTaking) return;
    const { devices, asking } = this.way;
    const room = this.way.room();
    const needsToAsk = room ? !room.me.organizer && !room.me.may_return : !this.way.isOrganizer;
    const action = words(needsToAsk ? "ask" : "share");
    const stream = await devices.check.ask({ action, held: devices.mine.stream, opener: button });
    if (!stream) return;
    this.#isAsking = true;
    devices.take(stream);
    const isDone = await waits(button, () => this.#goOn(needsToAsk));
    this.#isAsking = false;
    if (!isDone && !this.#isOnScreen && !asking().isWaiting) devices.letGo({ forget: true });
    this.way.changed();
    // The button that was pressed is gone, or goes in a moment.
    if (isDone && (document.activeElement === button || isFocusLost())) focusOn("#withdraw", "#my-microphone");
  }

  /** @param {boolean} needsToAsk */
  async #goOn(needsToAsk) {
    const { devices, truth, asking } = this.way;
    // At the door of a full house, and when this visit is over, they are let go: then there is nothing to go on with.
    await truth.whenInside().catch((error) => {
      if (devices.mine.stream) throw error;
    });
    if (!devices.mine.stream) return;
    void devices.becomeHolder();
    if (needsToAsk) await asking().ask(devices.mine.found);
    else {
      await truth.command("place.take", devices.mine.devices);
      if (!this.#isOnScreen) this.#tile.begin();
    }
  }

  /** What another page of mine sends, or nobody does any more, this page sends from now on. @param {HTMLButtonElement} button */
  async useHere(button) {
    const { devices } = this.way;
    const stream = await devices.check.ask({ action: words("use-here"), held: null, opener: button });
    if (!stream) return;
    devices.takeOver(stream);
    this.way.changed();
    if (document.activeElement === button || isFocusLost()) focusOn("#my-microphone");
  }

  get #isOnScreen() {
    const room = this.way.room();
    return Boolean(room && myTile(room));
  }

  /**
   * My place on screen decides what is sent.
   *
   * @param {Room} room
   * @param {BackstageWire.Tile | undefined} before  my tile as it was
   * @param {boolean} first  told on connecting, so it is no news
   */
  follow(room, before, first) {
    const { devices } = this.way;
    const tile = myTile(room);
    if (tile) this.#tile.end();
    if (tile && !before) {
      performance.mark("hopin:accepted");
      if (!first) announce(words("said-on-screen"));
    }
    if (tile && devices.mine.stream) devices.send(tile);
    // A reload may have come between asking and being accepted.
    else if (tile && !before) void devices.reopen(tile, { isAbandoned: first && !tile.connected });
    if (!tile && this.#wasOnScreen) {
      if (!this.way.asking().isWaiting) devices.letGo({ forget: true });
      sayGone(room, before);
    }
    this.#wasOnScreen = Boolean(tile);
  }
}

/**
 * Seen by everybody, unless they have done it themselves and know.
 *
 * @param {Room} room
 * @param {BackstageWire.Tile | undefined} before  my tile until now; none once the server has said that I left
 */
function sayGone({ me }, before) {
  if (!before) complain(words("lost-place"));
  else if (me.may_return) announce(words("said-off-screen"));
  else complain(words(me.organizer ? "removed-from-screen-organizer" : "removed-from-screen"));
}
