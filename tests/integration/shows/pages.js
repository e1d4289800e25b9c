// The pages of a whole house without their looks: each person's two lines, spoken by the pages' own protocol.js over real
// WebSockets and reduced by their own state.js. Told what to do by house.py: one JSON object a line in, one out.
//
//   node --experimental-websocket pages.js http://localhost:PORT TOKEN '{"sam": "SESSION COOKIE", …}'

import assert from "node:assert/strict";
import { createInterface } from "node:readline";

import { Refusal, Socket } from "../../../backstage/static/backstage/protocol.js";
import { reduce as reduceRoom } from "../../../backstage/static/backstage/state.js";
import { NOTHING_ASKED, reduce as reduceQueue } from "../../../moderation/static/moderation/state.js";

const [origin, token, cookies] = [process.argv[2], process.argv[3], JSON.parse(process.argv[4])];
const INSIDE_WITHIN_MS = 10_000;

/** What went wrong without anybody having asked. @type {string[]} */
const complaints = [];
/** Woken with each notice of anybody. @type {Set<() => void>} */
const listeners = new Set();

/** A line that knows whose it is (`?SOMEBODY/SOCKET` behind the path), and can lose what it is told. */
class Line extends WebSocket {
  /** @param {URL} address */
  constructor(address) {
    const [who, name] = address.search.slice(1).split("/");
    address.search = "";
    super(address, { headers: { cookie: `sessionid=${cookies[who]}`, origin } });
    this.page = pages.get(who);
    this.name = name;
    this.page.lines[name] = this;
    // What was to be lost was to be lost on the line before.
    this.page.losing.delete(name);
  }

  set onmessage(take) {
    super.onmessage = take && ((message) => this.loses(JSON.parse(message.data)) || take(message));
  }

  loses({ revision, type }) {
    if (!this.page.losing.has(this.name) || revision === undefined || type.endsWith(".snapshot")) return false;
    this.page.losing.delete(this.name);
    this.page.lost = { revision, type };
    return true;
  }
}
globalThis.WebSocket = Line;
globalThis.location = { origin };

class Page {
  room = null;
  queue = NOTHING_ASKED;
  isOpen = false;
  end = "";
  lines = {};
  losing = new Set();
  /** The newest notice that was lost on purpose. */
  lost = null;

  constructor(who) {
    this.who = who;
  }

  async open() {
    if (this.isOpen) return this.#comeInside();
    this.isOpen = true;
    this.losing.clear();
    this.end = "";
    this.room = null;
    this.queue = NOTHING_ASKED;
    this.backstage = this.#socket("backstage", (notice) => {
      if (notice.type === "you.left") return this.close();
      this.room = this.#forward("room", this.room, reduceRoom(this.room, notice, performance.now()));
    });
    this.moderation = this.#socket("moderation", (notice) => {
      this.queue = this.#forward("queue", this.queue, reduceQueue(this.queue, notice));
    });
    ({ promise: this.ended, resolve: this.whenEnded } = deferred());
    this.backstage.open();
    await Promise.race([this.backstage.whenInside(INSIDE_WITHIN_MS), this.ended]);
    if (this.isOpen) this.moderation.open();
    return this.#comeInside();
  }

  async #comeInside() {
    for (const socket of [this.backstage, this.moderation]) {
      if (this.isOpen) await Promise.race([socket.whenInside(INSIDE_WITHIN_MS), this.ended]);
    }
    return { inside: this.isOpen, end: this.end };
  }

  #socket(name, notice) {
    const socket = new Socket(`/ws/${name}/${token}/?${this.who}/${name}`, {
      notice: (told) => {
        notice(told);
        for (const wake of listeners) wake();
      },
      end: ({ reason }) => {
        this.end = reason;
        this.close();
      },
      // As room.js has it: the line of the room may not be there again yet.
      patient: (reason) => name === "moderation" && reason === "not_inside" && this.isOpen,
    });
    return socket;
  }

  #forward(name, before, after) {
    if (before?.revision != null && after.revision < before.revision) {
      complaints.push(`${this.who}: the revision of the ${name} went from ${before.revision} to ${after.revision}`);
    }
    return after;
  }

  close() {
    this.isOpen = false;
    this.backstage?.close();
    this.moderation?.close();
    this.whenEnded?.();
  }

  /** Their network is gone for a moment; the page notices, and comes in again by itself. */
  drop() {
    for (const line of Object.values(this.lines)) line.close();
  }

  async command(socket, type, body) {
    try {
      await this[socket].command(type, body);
      return null;
    } catch (refusal) {
      if (refusal instanceof Refusal) return refusal.code;
      throw refusal;
    }
  }

  shows() {
    return { room: comparable(this.room), queue: comparableQueue(this.queue) };
  }
}

const pages = new Map(Object.keys(cookies).map((who) => [who, new Page(who)]));

function deferred() {
  let resolve;
  const promise = new Promise((settle) => (resolve = settle));
  return { promise, resolve };
}

/** Without what runs with the clock, and without counts that are told once in a while and not with each change. */
function comparable(room) {
  if (room === null) return null;
  const { talking, meAsOf, people, watching, show, ...rest } = room;
  return { ...rest, show: show.state };
}

/** Only organizers are told the queue's revision with each change; what they show is what counts. */
function comparableQueue({ requests, mine }) {
  return { requests, mine };
}

/** What a page would show that has just been opened. */
function fresh({ backstage, moderation }) {
  return {
    room: comparable(reduceRoom(null, JSON.parse(backstage), 0)),
    queue: comparableQueue(reduceQueue(NOTHING_ASKED, JSON.parse(moderation))),
  };
}

function differences(truth) {
  const found = {};
  for (const [who, snapshots] of Object.entries(truth)) {
    const page = pages.get(who);
    if (!page.isOpen) continue;
    const [shown, expected] = [page.shows(), fresh(snapshots)];
    try {
      assert.deepStrictEqual(shown, expected);
    } catch {
      found[who] = { shown, expected, lost: page.lost };
    }
  }
  return found;
}

/** Until every open page shows the truth; what differs after so long otherwise. */
async function compare(truth, withinMs) {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const found = differences(truth);
    const left = deadline - performance.now();
    if (!Object.keys(found).length || left <= 0) return found;
    const { promise, resolve } = deferred();
    const timer = setTimeout(resolve, left);
    listeners.add(resolve);
    await promise;
    listeners.delete(resolve);
    clearTimeout(timer);
  }
}

const work = {
  open: ({ who }) => pages.get(who).open(),
  close: ({ who }) => pages.get(who).close(),
  drop: ({ who }) => pages.get(who).drop(),
  lose: ({ who, socket }) => void pages.get(who).losing.add(socket),
  together: ({ commands }) =>
    Promise.all(commands.map(({ who, socket, type, body }) => pages.get(who).command(socket, type, body))),
  compare: ({ truth, within_ms }) => compare(truth, within_ms),
  open_pages: () => [...pages.values()].filter((page) => page.isOpen).map((page) => page.who),
  complaints: () => complaints,
};

for await (const line of createInterface({ input: process.stdin })) {
  const task = JSON.parse(line);
  const result = (await work[task.do](task)) ?? null;
  process.stdout.write(`${JSON.stringify(result)}\n`);
}
