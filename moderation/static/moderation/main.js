// The entry of the Backstage page: the room, and beside it asking and moderation, which the room itself knows nothing of.

import { config, words } from "../backstage/page.js";
import { Socket } from "../backstage/protocol.js";
import { BackstageRoom, isNotInsideYet } from "../backstage/room.js";
import { confirm } from "../backstage/views/confirm.js";
import { opensMenu } from "../backstage/views/menu.js";
import { tell } from "../backstage/views/waits.js";
import { MyAsking } from "./asking.js";
import { Panel } from "./panel.js";
import { NOTHING_ASKED, reduce } from "./state.js";

/** @type {BackstageConfig} */
const settings = config();
const room = new BackstageRoom(settings);
let queue = NOTHING_ASKED;
let isFirst = true;

const socket = new Socket(settings.moderation_socket, {
  notice: told,
  end: (end) => room.turnedAway(end),
  patient: isNotInsideYet,
});
const asking = new MyAsking(socket);
const tileMenus = /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-tile-menu]"));
const panel = settings.organizer ? new Panel(socket) : null;

room.asking = asking;
room.onInside = () => void socket.open();
room.onEnd = () => socket.close();
room.onChange = (/** @type {Room} */ { tiles }) => {
  panel?.render(queue.requests, tiles.length);
  for (const button of tileMenus) {
    const name = tiles.find(({ slot }) => slot === Number(button.dataset.tileMenu))?.name;
    if (name) button.setAttribute("aria-label", words("more-for", { name }));
  }
};

/** @param {ModerationWire.AnyNotice} notice */
function told(notice) {
  queue = reduce(queue, notice);
  asking.render(queue.mine, isFirst);
  if (isFirst && asking.isWaiting) room.reopenWhileWaiting();
  isFirst = false;
  room.releaseUnlessNeeded();
  room.render();
}

for (const button of tileMenus) {
  opensMenu(button, () => [{ label: words("remove"), choose: () => void remove(Number(button.dataset.tileMenu)) }]);
}

/** @param {number} slot */
async function remove(slot) {
  const tile = room.state?.tiles.find((each) => each.slot === slot);
  if (!tile) return;
  const { name, participant } = tile;
  const sure = await confirm({
    title: words("remove-title", { name }),
    text: words("remove-text"),
    action: words("remove-action", { name }),
  });
  if (sure) socket.command("screen.remove", { participant }).catch(tell);
}

room.open();
