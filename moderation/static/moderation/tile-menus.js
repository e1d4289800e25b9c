// The ⋯ menus of the tiles, for organizers.

import { words } from "../backstage/page.js";
import { Socket } from "../backstage/protocol.js";
import { myTile } from "../backstage/state.js";
import { announce } from "../backstage/views/announcer.js";
import { confirm } from "../backstage/views/confirm.js";
import { opensMenu } from "../backstage/views/menu.js";
import { tell } from "../backstage/views/waits.js";
import { blockItem, muteItem } from "./acts.js";

export class TileMenus {
  /** @type {Room | null} */
  #room = null;

  /** @param {Socket} socket */
  constructor(socket) {
    this.socket = socket;
    /** @type {NodeListOf<HTMLElement>} */
    this.buttons = document.querySelectorAll("[data-tile-menu]");
    for (const button of this.buttons) {
      const person = /** @type {HTMLElement | null} */ (button.closest("[data-tile]"));
      opensMenu(button, () => this.#items(this.#tileOf(button)), { person });
    }
  }

  /** @param {Room} room */
  render(room) {
    this.#room = room;
    for (const button of this.buttons) {
      const tile = this.#tileOf(button);
      if (!tile) continue;
      const key = tile.kind === "screen" ? "more-for-screen" : "more-for";
      button.setAttribute("aria-label", words(key, { name: tile.name }));
    }
  }

  /** @param {HTMLElement} button */
  #tileOf(button) {
    return this.#room?.tiles.find(({ slot }) => slot === Number(button.dataset.tileMenu));
  }

  /** @param {BackstageWire.Tile | undefined} tile @returns {MenuItem[]} */
  #items(tile) {
    if (!tile || !this.#room) return [];
    const isMine = tile.participant === myTile(this.#room)?.participant;
    const what = this.#sharesScreen(tile) ? "remove-what-screen" : "remove-what-person";
    const remove = {
      label: words("remove"),
      note: words(what, { name: tile.name }),
      choose: () => void this.#remove(tile).catch(tell),
    };
    // Nobody mutes or blocks themselves here; whom another organizer has muted may take that back.
    if (isMine) return tile.muted ? [muteItem(this.socket, tile), remove] : [remove];
    return [muteItem(this.socket, tile), remove, blockItem(this.socket, tile)];
  }

  /** @param {BackstageWire.Tile} tile */
  #sharesScreen({ participant }) {
    return Boolean(this.#room?.tiles.some((tile) => tile.participant === participant && tile.kind === "screen"));
  }

  /** The screen first, and the person at the second time. @param {BackstageWire.Tile} tile */
  async #remove(tile) {
    const { name, participant } = tile;
    const screen = this.#sharesScreen(tile);
    const which = screen ? "remove-screen" : "remove";
    const sure = await confirm({
      title: words(`${which}-title`, { name }),
      text: words(`${which}-text`, { name }),
      action: words(`${which}-action`, { name }),
    });
    if (!sure) return;
    // It would be the person now, to whom nobody has agreed.
    if (screen && !this.#sharesScreen(tile)) {
      announce(words("said-screen-gone", { name }));
      return;
    }
    await this.socket.command("screen.remove", { participant });
    announce(words(screen ? "said-screen-removed" : "said-removed", { name }));
  }
}
