// The Backstage page: the room, and beside it asking, moderation and the chat, which the room itself knows nothing of.

import { config } from "../backstage/page.js";
import { Socket } from "../backstage/protocol.js";
import { BackstageRoom, isNotInsideYet } from "../backstage/room.js";
import { myTile } from "../backstage/state.js";
import { BackstageChat } from "../chat/backstage-chat.js";
import { MyAsking } from "./asking.js";
import { NOTHING_ASKED, reduce } from "./state.js";

/**
 * What organizers have besides.
 *
 * @typedef {object} Moderation
 * @property {(up: boolean) => void} line  the line is there, or lost
 * @property {(room: Room, requests: ModerationWire.Waiting[], news: boolean) => void} render
 */

/**
 * What those who ask have besides: it measures while the request waits.
 *
 * @typedef {object} Measuring
 * @property {(request: string | null, held: MediaStream | null) => void} follow
 */

/** @typedef {import("../backstage/media-line.js").MediaLine} MediaLine */

/** @type {BackstageConfig} */
const settings = config();
const room = new BackstageRoom(settings);
let queue = NOTHING_ASKED;
let isFirst = true;

const socket = new Socket(settings.moderation_socket, {
  notice: told,
  line: (up) => moderation?.line(up),
  end: (end) => room.turnedAway(end),
  patient: isNotInsideYet,
});
const chat = new BackstageChat({ patient: isNotInsideYet });
const asking = new MyAsking(socket, () => room.releaseUnlessNeeded());
/** @type {Moderation | undefined} */
let moderation;
/** @type {Measuring | undefined} */
let measuring;

room.asking = asking;
room.onInside = () => {
  socket.open();
  chat.open();
};
room.onEnd = () => {
  measuring?.follow(null, null);
  socket.close();
  chat.close();
};
room.onChange = (/** @type {Room} */ state) => {
  asking.follow(Boolean(myTile(state)));
  measuring?.follow(asking.waitingRequest, room.mine.stream);
  moderation?.render(state, queue.requests, !isFirst);
};

/** @param {ModerationWire.AnyNotice} notice */
function told(notice) {
  queue = reduce(queue, notice);
  asking.told(queue.mine, isFirst);
  if (isFirst && asking.isWaiting) room.reopenWhileWaiting();
  room.releaseUnlessNeeded();
  room.render();
  isFirst = false;
}

/** @param {{ moderate?: (socket: Socket) => Moderation, measure?: (socket: Socket, media: MediaLine) => Measuring }} parts */
export function openBackstage({ moderate, measure }) {
  moderation = moderate?.(socket);
  measuring = measure?.(socket, room.media);
  room.open();
}
