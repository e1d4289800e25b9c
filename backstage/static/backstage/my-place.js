// My way on screen and off it: the device check, then a place or the queue; and what my place means for my devices.

import { MyDevices } from "./my-devices.js";
import { find, words } from "./page.js";
import { Socket } from "./protocol.js";
import { myTile } from "./state.js";
import { announce } from "./views/announcer.js";
import { tell } from "./views/waits.js";

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
  /** The place is asked for and not there yet. */
  isTaking = false;
  #wasOnScreen = false;

  /** @param {Way} way */
  constructor(way) {
    this.way = way;
  }

  /** Device check, then on screen or into the queue. @param {HTMLButtonElement} button */
  async share(button) {
    const { devices, truth, asking } = this.way;
    const room = this.way.room();
    const needsToAsk = room ? !room.me.organizer && !room.me.may_return : !this.way.isOrganizer;
    const action = words(needsToAsk ? "ask" : "share");
    const stream = await devices.check.ask({ action, held: devices.mine.stream, opener: button });
    if (!stream) return;
    this.isTaking = true;
    devices.take(stream);
    try {
      await truth.whenInside();
      void devices.becomeHolder();
      const found = devices.mine.devices;
      if (needsToAsk) await asking().ask(found);
      else await truth.command("place.take", found);
    } catch (error) {
      this.isTaking = false;
      devices.releaseUnlessNeeded();
      tell(error);
    }
    this.isTaking = false;
    this.way.changed();
    // The button that was pressed is gone.
    if (document.activeElement === document.body) find(asking().isWaiting ? "#withdraw" : "#my-microphone").focus();
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
    if (tile && !before) {
      performance.mark("hopin:accepted");
      this.isTaking = false;
      if (!first) announce(words("said-on-screen"));
    }
    if (tile && devices.mine.stream) devices.send(tile);
    else if (tile && first) void devices.reopen(tile);
    if (!tile && this.#wasOnScreen) {
      if (!this.way.asking().isWaiting) devices.letGo({ forget: true });
      announce(words("said-off-screen"));
    }
    this.#wasOnScreen = Boolean(tile);
  }
}
