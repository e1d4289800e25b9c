// The ⋯ menus of the tiles, for organizers.

import { words } from "../backstage/page.js";
import { Refusal, Socket } from "../backstage/protocol.js";
import { myTile } from "../backstage/state.js";
import { announce, complain } from "../backstage/views/announcer.js";
import { confirm } from "../backstage/views/confirm.js";
import { opensMenu } from "../backstage/views/menu.js";
import { blockItem, itemAbout, muteItem } from "./acts.js";

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
      opensMenu(button, () => this.#items(this.#tileOf(button), button), { person });
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

  /** @param {BackstageWire.Tile | undefined} tile @param {HTMLElement} more  the ⋯ button @returns {MenuItem[]} */
  #items(tile, more) {
    if (!tile || !this.#room) return [];
    const isMine = tile.participant === myTile(this.#room)?.participant;
    const remove = this.#removeItem(tile, more);
    // Nobody mutes or blocks themselves here; whom another organizer has muted may take that back.
    if (isMine) return tile.muted ? [muteItem(this.socket, more, tile), remove] : [remove];
    return [muteItem(this.socket, more, tile), remove, blockItem(this.socket, more, tile)];
  }

  /**
   * The screen first, and the person at the second time. What the organizer is asked about is what is removed: if the
   * screen goes meanwhile, it is not the person instead.
   *
   * @param {BackstageWire.Tile} tile @param {HTMLElement} more @returns {MenuItem}
   */
  #removeItem({ participant, name }, more) {
    const screen = Boolean(
      this.#room?.tiles.some((tile) => tile.participant === participant && tile.kind === "screen"),
    );
    const which = screen ? "remove-screen" : "remove";
    return itemAbout(more, participant, {
      label: words("remove"),
      note: words(screen ? "remove-what-screen" : "remove-what-person", { name }),
      isSure: () => confirm(which, { name }),
      act: async () => {
        try {
          /** @type {ModerationWire.Removed} */
          const removed = await this.socket.command("screen.remove", { participant, screen });
          announce(words(removed.screen ? "said-screen-removed" : "said-removed", { name }));
        } catch (error) {
          if (!(screen && error instanceof Refusal && error.code === "not_on_screen")) throw error;
          complain(words("said-screen-gone", { name }));
        }
      },
    });
  }
}
