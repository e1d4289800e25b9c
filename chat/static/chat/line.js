// The line of one room, what is known over it, and the messages of mine that it has not carried yet. Knows no DOM.

import { thisTab } from "../backstage/memory.js";
import { ignoreRefusal, Refusal, Socket } from "../backstage/protocol.js";
import { doubted, reduce, withCaughtUp, withDeleted, withMuted, withNewest, withOlder, withPosted, withRead } from "./state.js";
import { again, isSlow, pause, refused, remembered, without, written } from "./unsent.js";

const CHECK_DEADLINE_MS = 5_000;
/** Milliseconds: a notice that another has overtaken is here by then. */
const SETTLES_MS = 400;
/** Milliseconds before what was refused is asked for again: half to all of it, and each time twice as long, up to a bound. */
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 8_000;
/** Milliseconds in which what I read is told once. */
const READ_PACE_MS = 1_000;
/** Milliseconds that a server which is too slow is left alone. */
const SLOW_MS = 5_000;

/**
 * @typedef {object} LineHandlers
 * @property {() => void} changed  something of `room`, `unsent` or `isUp` is another
 * @property {(messages: ChatWire.Message[]) => void} arrived  of others, that were sent while this page was open
 * @property {() => void} [refused]  a message of mine was not taken; it says why
 * @property {(end: { code: number, reason: string, text: string }) => void} end  turned away for good
 * @property {(reason: string) => boolean} [patient]  whether to come again after this refusal
 */

export class ChatLine {
  /** @type {ChatRoom | null} */
  room = null;
  /** @type {Unsent[]} */
  unsent;
  isUp = false;
  /** The event is not published: the chat opens with a snapshot, when it is. */
  isClosed = false;
  /** Older messages are on their way. */
  isFetching = false;

  /** By client_id: nothing is on its way twice over one line. @type {Set<string>} */
  #onTheWay = new Set();
  #isCatchingUp = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #readTimer;
  /** Until what the server had no time for is sent again. @type {ReturnType<typeof setTimeout> | undefined} */
  #slowTimer;
  /** Milliseconds that this computer's clock is ahead of the server's, at most; null: not known. @type {number | null} */
  #aheadMs = null;
  /** Each new one makes what the former ones planned void. */
  #lines = 0;

  /**
   * @param {string} address of the socket
   * @param {{ person: number, stage: string | null }} about  who writes, and the Stage that they watch
   * @param {LineHandlers} handlers
   */
  constructor(address, { person, stage }, handlers) {
    this.handlers = handlers;
    this.person = person;
    this.stage = stage;
    /** In this tab, of this room and person. */
    this.memory = `hopin:chat:${address}:${person}`;
    this.unsent = remembered(thisTab.recallObject(this.memory));
    const { end, patient } = handlers;
    const check = { type: "snapshot.get", deadline: CHECK_DEADLINE_MS, ask: () => void this.#ask() };
    this.socket = new Socket(
      address,
      {
        notice: (notice) => this.#told(notice),
        line: (up) => {
          this.isUp = up;
          if (!up) {
            this.#lines += 1;
            this.#onTheWay.clear();
          }
          handlers.changed();
        },
        end,
        patient,
        catchUp: () => void this.#ask(),
        settlesMs: SETTLES_MS,
      },
      check,
    );
  }

  open() {
    this.socket.open();
  }

  close() {
    clearTimeout(this.#readTimer);
    clearTimeout(this.#slowTimer);
    this.#lines += 1;
    this.isUp = false;
    this.room = null;
    this.socket.close();
  }

  /** By the server's clock, as far as it is known. */
  now() {
    return Date.now() - (this.#aheadMs ?? 0);
  }

  // --- what I do

  /** Shows it at once, and keeps it until the server has it. @param {string} text @param {number[]} [mentions]  whom I chose */
  send(text, mentions) {
    const message = written(text, Date.now(), undefined, mentions);
    const isBehind = this.unsent.some(({ client_id, reason }) => !reason && !this.#onTheWay.has(client_id));
    this.#keep([...this.unsent, message]);
    // Those that wait, for a line or for their turn, go first: whoever sends them sends this one, too.
    if (!isBehind) void this.#deliver(message);
  }

  /** @param {string} client_id */
  tryAgain(client_id) {
    this.#keep(again(this.unsent, client_id));
    const message = this.unsent.find((each) => each.client_id === client_id);
    if (message) void this.#deliver(message);
  }

  /** Takes back what was not sent. @param {string} client_id */
  discard(client_id) {
    this.#keep(this.unsent.filter((each) => each.client_id !== client_id));
  }

  /** Rejects with a Refusal. @param {ChatWire.Message} message */
  async remove({ id, number, author }) {
    await this.socket.command("message.delete", { message: id });
    this.#know((room) => withDeleted(room, { message: id, number, author: author.person }));
  }

  /** Rejects with a Refusal. @param {number} person @param {string} name @param {boolean} muted */
  async mute(person, name, muted) {
    await this.socket.command("chat.mute", { person, muted });
    this.#know((room) => withMuted(room, { person, name, muted }));
  }

  /** @param {string} beginning of a name @returns {Promise<ChatWire.Person[]>} rejects with a Refusal */
  async find(beginning) {
    /** @type {ChatWire.Found} */
    const { people } = await this.socket.command("people.find", { beginning });
    return people;
  }

  /** The page before the oldest that is here. Rejects with a Refusal. */
  async fetchOlder() {
    const { room } = this;
    const before = room?.messages[0]?.number;
    if (!room?.more || before === undefined || this.isFetching) return;
    this.isFetching = true;
    this.handlers.changed();
    try {
      const older = await this.socket.command("messages.older", { before });
      this.room = this.room && withOlder(this.room, older);
    } finally {
      this.isFetching = false;
      this.handlers.changed();
    }
  }

  /** All that is here has been seen. */
  readAll() {
    const newest = this.room?.messages.at(-1)?.number ?? 0;
    if (!this.room || newest <= this.room.readUpTo) return;
    this.#know((room) => withRead(room, newest));
    this.#readTimer ??= setTimeout(() => {
      this.#readTimer = undefined;
      // Without a line the next message that is read says it.
      const number = this.room?.readUpTo ?? 0;
      this.socket.command("chat.read_up_to", { number }).catch(ignoreRefusal);
    }, READ_PACE_MS);
  }

  /** Lets go of what is older than so many. @param {number} most */
  keepNewest(most) {
    this.room = this.room && withNewest(this.room, most);
  }

  // --- what the server says

  /** @param {ChatWire.AnyNotice} notice */
  #told(notice) {
    if (notice.type === "chat.closed") {
      this.isClosed = true;
      this.handlers.changed();
      return;
    }
    this.#tellTime(notice);
    const before = this.room;
    this.room = reduce(before, notice);
    if (!this.room) return;
    this.#dropStored();
    this.#tellArrived(before);
    this.handlers.changed();
    if (this.room.behind) void this.#catchUp();
    if (notice.type === "chat.snapshot") void this.#sendUnsent();
  }

  /** What the server's clock says; the less it was on its way, the better. @param {ChatWire.AnyNotice} notice */
  #tellTime(notice) {
    if (notice.type === "chat.snapshot") {
      this.isClosed = false;
      this.#aheadMs = Date.now() - Date.parse(notice.body.now);
    } else if (notice.type === "message.posted" && this.#aheadMs !== null) {
      this.#aheadMs = Math.min(this.#aheadMs, Date.now() - Date.parse(notice.body.message.at));
    }
  }

  /** @param {ChatRoom | null} before */
  #tellArrived(before) {
    if (!before || !this.room || before.messages === this.room.messages) return;
    const known = new Set(before.messages.map(({ id }) => id));
    const upTo = before.behind?.after ?? before.upTo;
    const arrived = this.room.messages.filter(
      ({ id, number, author }) => number > upTo && !known.has(id) && author.person !== this.person,
    );
    if (arrived.length) this.handlers.arrived(arrived);
  }

  /** What happened while nothing came here. */
  async #catchUp() {
    if (this.#isCatchingUp) return;
    this.#isCatchingUp = true;
    let pauseMs = FIRST_PAUSE_MS;
    try {
      // Without a line and from a chat that is closed, there is no answer: the next snapshot brings another try.
      while (this.room?.behind && this.isUp && !this.isClosed) {
        const { revision, after } = this.room.behind;
        try {
          /** @type {ChatWire.CaughtUp} */
          const caught = await this.socket.command("chat.catch_up", { revision, after });
          this.#know((room) => withCaughtUp(room, caught));
          pauseMs = FIRST_PAUSE_MS;
        } catch (error) {
          ignoreRefusal(error);
          // The server has much to do, and not for us alone.
          await new Promise((resolve) => setTimeout(resolve, pauseMs * (0.5 + Math.random() / 2)));
          pauseMs = Math.min(LONGEST_PAUSE_MS, 2 * pauseMs);
        }
      }
    } finally {
      this.#isCatchingUp = false;
    }
  }

  /** In a silence, or when the server says so: whether the line lives, and whether a notice was lost on the way here. */
  async #ask() {
    if (!this.room || this.isClosed) {
      await this.socket.command("snapshot.get").catch(ignoreRefusal);
      return;
    }
    this.room = doubted(this.room);
    await this.#catchUp();
  }

  /** @param {Unsent} message */
  async #deliver({ client_id, text, mentions, at }) {
    if (this.#onTheWay.has(client_id)) return;
    this.#onTheWay.add(client_id);
    const body = { client_id, text, mentions, ...this.#seen(at) };
    try {
      /** @type {ChatWire.Sent} */
      const { message } = await this.socket.command("message.send", body);
      this.#know((room) => withPosted(room, message));
      // Also if it was deleted meanwhile.
      this.discard(client_id);
    } catch (error) {
      this.#keep(refused(this.unsent, client_id, error, Date.now()));
      if (this.unsent.find((each) => each.client_id === client_id)?.reason) this.handlers.refused?.();
      if (error instanceof Refusal && isSlow(error)) this.#sendLater();
    } finally {
      this.#onTheWay.delete(client_id);
    }
  }

  /** What I watched as I wrote: the server says what it showed then, unless that is too long ago. @param {number} at */
  #seen(at) {
    if (!this.stage || this.#aheadMs === null) return {};
    return { stage: this.stage, written_at: new Date(at - this.#aheadMs).toISOString() };
  }

  /** Over the same line, by the same ids: it is there once, whatever became of the first. Without a line the next one does it. */
  #sendLater() {
    this.#slowTimer ??= setTimeout(() => {
      this.#slowTimer = undefined;
      if (this.isUp) void this.#sendUnsent();
    }, SLOW_MS);
  }

  /** What was written without a line, or not answered over this one, and what is written meanwhile: in this order. */
  async #sendUnsent() {
    clearTimeout(this.#slowTimer);
    this.#slowTimer = undefined;
    const line = ++this.#lines;
    /** @type {Set<string>} */
    const tried = new Set();
    const next = () => this.unsent.find(({ client_id, reason }) => !reason && !tried.has(client_id));
    for (let message = next(); message; message = next()) {
      const place = tried.size;
      tried.add(message.client_id);
      const wait = pause(place) - (place ? pause(place - 1) : 0);
      if (wait) await new Promise((resolve) => setTimeout(resolve, wait));
      if (line !== this.#lines) return;
      if (this.unsent.includes(message)) await this.#deliver(message);
      // Too slow again: all of it once more, later.
      if (this.#slowTimer) return;
    }
  }

  /** @param {(room: ChatRoom) => ChatRoom} change */
  #know(change) {
    const before = this.room;
    if (!before) return;
    this.room = change(before);
    this.#dropStored();
    this.#tellArrived(before);
    if (this.room !== before) this.handlers.changed();
  }

  #dropStored() {
    if (this.room) this.#keep(without(this.unsent, this.room.messages, this.person), { quietly: true });
  }

  /** @param {Unsent[]} unsent @param {{ quietly?: boolean }} [how] */
  #keep(unsent, { quietly = false } = {}) {
    if (unsent === this.unsent) return;
    this.unsent = unsent;
    thisTab.remember(this.memory, unsent.length ? JSON.stringify(unsent) : null);
    if (!quietly) this.handlers.changed();
  }
}
