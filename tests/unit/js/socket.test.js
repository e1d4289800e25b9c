// The line between page and server, against a WebSocket that this test plays.

import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

import { FORBIDDEN, NOT_UNDERSTOOD, Socket } from "../../../backstage/static/backstage/protocol.js";

const TOO_FAST = 4429;

/** @type {FakeLine[]} */
let lines = [];

class FakeLine {
  static OPEN = 1;
  readyState = 0;
  /** @type {any[]} */
  sent = [];
  /** @type {any} */ onopen;
  /** @type {any} */ onmessage;
  /** @type {any} */ onclose;

  constructor(url) {
    this.url = String(url);
    lines.push(this);
  }
  send(text) {
    this.sent.push(JSON.parse(text));
  }
  close() {
    this.readyState = 3;
  }
  opens() {
    this.readyState = 1;
    this.onopen?.();
  }
  says(message) {
    this.onmessage?.({ data: JSON.stringify(message) });
  }
  breaks(code = 1006) {
    this.readyState = 3;
    this.onclose?.({ code });
  }
}

/** @type {any[]} */
let told;
/** @type {any[]} */
let ends;
/** @type {boolean[]} */
let ups;

beforeEach((context) => {
  lines = [];
  told = [];
  ends = [];
  ups = [];
  globalThis.WebSocket = /** @type {any} */ (FakeLine);
  globalThis.location = /** @type {any} */ ({ origin: "https://events.example" });
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
});

/** @param {object} [more] */
function open(more = {}) {
  return new Socket("/ws/backstage/TOKEN/", {
    notice: (notice) => told.push(notice),
    line: (up) => ups.push(up),
    end: (end) => ends.push(end),
    ...more,
  }).open();
}

/** @param {number} revision */
const snapshot = (revision) => ({ type: "backstage.snapshot", revision, body: {} });
/** @param {number} revision */
const tiles = (revision) => ({ type: "tiles.changed", revision, body: {} });
const revisions = () => told.map((notice) => notice.revision);

/** @param {Promise<unknown>} work @param {string} code */
const refusedWith = (work, code) => assert.rejects(work, { code });

test("each command gets its own reply", async () => {
  const socket = open();
  lines[0].opens();
  const [one, two] = [socket.command("place.take", { microphone: true }), socket.command("broadcast.start")];
  const [first, second] = lines[0].sent;
  assert.deepEqual(first, { type: "place.take", id: first.id, body: { microphone: true } });
  lines[0].says({ type: "error", re: second.id, code: "broadcast.already", text: "It is on." });
  lines[0].says({ type: "ok", re: first.id, body: { slot: 1 } });
  assert.deepEqual(await one, { slot: 1 });
  await assert.rejects(two, { code: "broadcast.already", text: "It is on." });
});

test("a lost line rejects what has no reply, and comes back by itself", async () => {
  const socket = open();
  lines[0].opens();
  const waiting = socket.command("place.give");
  lines[0].breaks();
  await refusedWith(waiting, "disconnected");
  await refusedWith(socket.command("place.give"), "disconnected");
  assert.equal(lines.length, 1);
  mock.timers.tick(300);
  assert.equal(lines.length, 2);
  lines[1].opens();
  assert.deepEqual(ups, [true, false, true]);
});

test("pauses between attempts grow to five seconds, and begin anew once the server has let us in", () => {
  open();
  const pauses = [];
  for (let attempt = 0; attempt < 8; attempt++) {
    const before = lines.length;
    lines.at(-1)?.breaks();
    let waited = 0;
    while (lines.length === before) {
      mock.timers.tick(10);
      waited += 10;
    }
    pauses.push(waited);
  }
  assert.ok(pauses[0] <= 300 && pauses.at(-1) >= 2500 && Math.max(...pauses) <= 5000, String(pauses));
  lines.at(-1)?.opens();
  lines.at(-1)?.says(snapshot(1));
  lines.at(-1)?.breaks();
  const before = lines.length;
  mock.timers.tick(300);
  assert.equal(lines.length, before + 1);
});

test("a gap in the revision asks for a snapshot, once, and nothing is told twice or out of order", async () => {
  open();
  const [line] = lines;
  line.opens();
  for (const notice of [snapshot(4), tiles(5), tiles(7), tiles(8)]) line.says(notice);
  assert.deepEqual(revisions(), [4, 5]);
  assert.deepEqual(line.sent.map((command) => command.type), ["snapshot.get"]);
  line.says(snapshot(7));
  line.says({ type: "ok", re: line.sent[0].id, body: {} });
  line.says(tiles(7));
  line.says(tiles(9));
  assert.deepEqual(revisions(), [4, 5, 7, 8, 9]);
});

test("told to catch up, the line asks for a snapshot; notices around it keep their order", () => {
  open();
  const [line] = lines;
  line.opens();
  line.says(snapshot(4));
  line.says({ type: "line.catch_up", body: {} });
  assert.deepEqual(line.sent.map((command) => command.type), ["snapshot.get"]);
  for (const notice of [tiles(8), snapshot(7), tiles(9)]) line.says(notice);
  assert.deepEqual(revisions(), [4, 7, 8, 9]);
});

test("told to catch up, a page with a way of its own goes it, and a line without snapshots goes on", () => {
  let asked = 0;
  open({ catchUp: () => asked++ });
  lines[0].opens();
  lines[0].says({ type: "line.catch_up", body: {} });
  assert.equal(asked, 1);
  new Socket("/ws/backstage-media/TOKEN/", { notice: () => {} }, { type: "line.check", deadline: 5_000 }).open();
  lines[1].opens();
  lines[1].says({ type: "line.catch_up", body: {} });
  assert.deepEqual([lines[0].sent, lines[1].sent], [[], []]);
});

test("a notice that overtakes the first snapshot is told after it, unless it is in it", () => {
  open();
  lines[0].opens();
  for (const notice of [tiles(5), tiles(6), snapshot(5)]) lines[0].says(notice);
  assert.deepEqual(told.map((notice) => [notice.type, notice.revision]), [
    ["backstage.snapshot", 5],
    ["tiles.changed", 6],
  ]);
});

test("notices without a revision are told at once", () => {
  open();
  lines[0].opens();
  lines[0].says({ type: "people.changed", body: { people: 3, watching: 0 } });
  assert.equal(told.length, 1);
});

test("who is turned away is told why, and not let try again", () => {
  open();
  lines[0].opens();
  lines[0].says({ type: "error", re: null, code: "blocked", text: "You are blocked." });
  lines[0].breaks(FORBIDDEN);
  assert.deepEqual(ends, [{ code: FORBIDDEN, reason: "blocked", text: "You are blocked." }]);
  mock.timers.tick(60_000);
  assert.equal(lines.length, 1);
});

test("who was only early tries again", () => {
  open({ patient: (/** @type {string} */ reason) => reason === "not_inside" });
  lines[0].opens();
  lines[0].says({ type: "error", re: null, code: "not_inside", text: "Open the Backstage first." });
  lines[0].breaks(FORBIDDEN);
  mock.timers.tick(300);
  assert.equal(lines.length, 2);
  assert.deepEqual(ends, []);
});

/** @param {FakeLine} line */
function refuseAsTooMany(line) {
  line.opens();
  line.says({ type: "error", re: null, code: "too_many", text: "Close some tabs." });
  line.breaks(TOO_FAST);
}

test("who has it open too often tries some times: handshakes that were given up may have come all at once", () => {
  open();
  for (let times = 1; times < 5; times++) {
    refuseAsTooMany(lines[times - 1]);
    mock.timers.tick(5_000);
    assert.equal(lines.length, times + 1);
  }
  lines[4].opens();
  lines[4].says(snapshot(1));
  assert.deepEqual(ends, []);
});

test("who really has it open too often is told so, and not let try again", () => {
  open();
  for (let times = 0; times < 5; times++) {
    refuseAsTooMany(lines[times]);
    mock.timers.tick(5_000);
  }
  assert.deepEqual(ends, [{ code: TOO_FAST, reason: "too_many", text: "Close some tabs." }]);
  assert.equal(lines.length, 5);
});

test("a server that never answers is a lost line", async () => {
  const socket = open();
  lines[0].opens();
  const waiting = socket.command("place.give");
  mock.timers.tick(12_000);
  await refusedWith(waiting, "timeout");
  mock.timers.tick(300);
  assert.equal(lines.length, 2);
});

test("what is wanted before the server has let us in waits for that", async () => {
  const socket = open();
  let inside = false;
  const entering = socket.whenInside().then(() => (inside = true));
  lines[0].opens();
  await Promise.resolve();
  assert.equal(inside, false);
  lines[0].says(snapshot(1));
  await entering;
});

test("closing is for good", async () => {
  const socket = open();
  lines[0].opens();
  const waiting = socket.command("place.give");
  socket.close();
  await refusedWith(waiting, "disconnected");
  mock.timers.tick(60_000);
  assert.equal(lines.length, 1);
});

// --- A line that is dead without having said so ------------------------------------------------------------------------

/** Ticks until the open line asks for a word. @param {FakeLine} line @returns {number} milliseconds */
function untilAsked(line) {
  const before = line.sent.length;
  let waited = 0;
  while (line.sent.length === before && waited < 60_000) {
    mock.timers.tick(100);
    waited += 100;
  }
  return waited;
}

test("after 25 to 35 seconds of silence a word is asked for, and any message is one", () => {
  open();
  const [line] = lines;
  line.opens();
  line.says(snapshot(1));
  const waits = [];
  for (const answer of [snapshot(1), tiles(2), { type: "error", re: "c3", code: "unknown_command", text: "" }]) {
    waits.push(untilAsked(line));
    mock.timers.tick(4_900);
    line.says(answer);
    mock.timers.tick(20_000);
    line.says({ type: "people.changed", body: {} });
  }
  assert.ok(waits.every((ms) => ms >= 25_000 && ms <= 35_100), String(waits));
  assert.deepEqual(line.sent.map(({ type }) => type), ["snapshot.get", "snapshot.get", "snapshot.get"]);
  assert.equal(lines.length, 1);
});

test("without a word within five seconds there is a new line at once", async () => {
  open();
  lines[0].opens();
  lines[0].says(snapshot(1));
  untilAsked(lines[0]);
  mock.timers.tick(5_000);
  assert.equal(lines.length, 2);
  assert.deepEqual(ups, [true, false]);
  lines[1].opens();
  lines[1].says(snapshot(9));
  assert.deepEqual(revisions(), [1, 9]);
});

test("a command that the server still works on gives it time for its word", (context) => {
  context.mock.method(Math, "random", () => 0);
  const socket = open();
  lines[0].opens();
  mock.timers.tick(24_900);
  const waiting = socket.command("place.give");
  mock.timers.tick(5_200);
  assert.deepEqual(lines[0].sent.map(({ type }) => type), ["place.give", "snapshot.get"]);
  assert.equal(lines.length, 1);
  mock.timers.tick(7_000);
  mock.timers.tick(300);
  assert.equal(lines.length, 2);
  return refusedWith(waiting, "timeout");
});

test("another network, or a page that is looked at again, asks at once", (context) => {
  /** @type {Map<string, () => void>} */
  const listeners = new Map();
  const page = /** @type {any} */ (globalThis);
  page.addEventListener = (/** @type {string} */ type, /** @type {() => void} */ heard) => listeners.set(type, heard);
  page.removeEventListener = (/** @type {string} */ type) => listeners.delete(type);
  page.document = { visibilityState: "hidden" };
  context.after(() => ["addEventListener", "removeEventListener", "document"].forEach((name) => delete page[name]));
  const socket = open();
  const [line] = lines;
  line.opens();
  line.says(snapshot(1));
  listeners.get("visibilitychange")?.();
  assert.equal(line.sent.length, 0);
  page.document.visibilityState = "visible";
  listeners.get("visibilitychange")?.();
  listeners.get("online")?.();
  assert.deepEqual(line.sent.map(({ type }) => type), ["snapshot.get"]);
  mock.timers.tick(5_000);
  assert.equal(lines.length, 2);
  socket.close();
  assert.equal(listeners.size, 0);
});

test("a line with words of its own asks with them", () => {
  new Socket("/ws/backstage-media/TOKEN/", { notice: () => {} }, { type: "line.check", deadline: 12_000 }).open();
  lines[0].opens();
  untilAsked(lines[0]);
  assert.equal(lines[0].sent[0].type, "line.check");
  mock.timers.tick(11_900);
  assert.equal(lines.length, 1);
  mock.timers.tick(200);
  assert.equal(lines.length, 2);
});

test("a handshake that nobody answers is given up", () => {
  open();
  mock.timers.tick(12_000);
  mock.timers.tick(300);
  assert.equal(lines.length, 2);
});

test("a snapshot older than what is known says nothing", () => {
  open();
  lines[0].opens();
  for (const notice of [snapshot(4), tiles(5), snapshot(4), tiles(6)]) lines[0].says(notice);
  assert.deepEqual(revisions(), [4, 5, 6]);
  assert.deepEqual(lines[0].sent, []);
});

test("a snapshot that is refused after a gap is got from a new line", async () => {
  open();
  const [line] = lines;
  line.opens();
  for (const notice of [snapshot(4), tiles(6)]) line.says(notice);
  line.says({ type: "error", re: line.sent[0].id, code: "timeout", text: "This took too long." });
  for (let turn = 0; turn < 5; turn++) await Promise.resolve();
  mock.timers.tick(300);
  assert.equal(lines.length, 2);
  lines[1].opens();
  // Before its first snapshot a notice waits on the new line too.
  lines[1].says(tiles(7));
  lines[1].says(snapshot(6));
  assert.deepEqual(revisions(), [4, 6, 7]);
});

test("renewing ends this line and opens another at once", async () => {
  const socket = open();
  lines[0].opens();
  lines[0].says(snapshot(1));
  const waiting = socket.command("place.give");
  socket.renew();
  await refusedWith(waiting, "disconnected");
  assert.equal(lines[0].readyState, 3);
  assert.equal(lines.length, 2);
  lines[1].opens();
  assert.deepEqual(ups, [true, false, true]);
  socket.close();
  socket.renew();
  assert.equal(lines.length, 2);
});

test("who is not understood may try once more, then has to load the page again", () => {
  open();
  lines[0].opens();
  lines[0].says(snapshot(1));
  lines[0].breaks(NOT_UNDERSTOOD);
  mock.timers.tick(300);
  assert.equal(lines.length, 2);
  assert.deepEqual(ends, []);
  lines[1].opens();
  lines[1].says(snapshot(1));
  lines[1].breaks(NOT_UNDERSTOOD);
  mock.timers.tick(60_000);
  assert.equal(lines.length, 2);
  assert.equal(ends[0].code, NOT_UNDERSTOOD);
});

test("who stands at the door is told so, and not inside yet", async () => {
  const socket = open();
  lines[0].opens();
  const inside = socket.whenInside();
  let isInside = false;
  void inside.then(() => (isInside = true));
  lines[0].says({ type: "house.full", body: { places: 500, place: 3 } });
  for (let turn = 0; turn < 5; turn++) await Promise.resolve();
  assert.equal(isInside, false);
  assert.equal(told[0].body.place, 3);
  lines[0].says(snapshot(1));
  await inside;
});

test("with something at stake a dead line is noticed within 20 seconds, and tried again without end or rest", () => {
  const socket = open();
  lines[0].opens();
  lines[0].says(snapshot(1));
  socket.hurries = true;
  mock.timers.tick(14_000);
  assert.equal(lines[0].sent.length, 1);
  mock.timers.tick(5_000);
  assert.equal(lines.length, 2);
  // A network that swallows everything: each attempt gets four seconds, and the next is there soon.
  for (let attempt = 2; attempt < 12; attempt++) {
    mock.timers.tick(4_000);
    mock.timers.tick(1_500);
    assert.equal(lines.length, attempt + 1);
  }
  lines.at(-1).opens();
  lines.at(-1).says(snapshot(2));
  socket.hurries = false;
  mock.timers.tick(24_000);
  assert.deepEqual(lines.at(-1).sent, []);
});

test("a line that hurries goes first: no other stands in its way while it is down", () => {
  const [hurried, leisurely] = [open(), open()];
  for (const line of lines.slice(0, 2)) {
    line.opens();
    line.says(snapshot(1));
  }
  hurried.hurries = true;
  lines[0].breaks();
  lines[1].breaks();
  mock.timers.tick(3_000);
  assert.equal(lines.length, 3, "one hand at a time");
  lines[2].opens();
  assert.equal(lines.length, 4, "and the next as soon as it is shaken");
  hurried.close();
  leisurely.close();
});

test("who lets another go first does not when there is something at stake, and not once it is closed", () => {
  const [hurried, late, closed] = [open(), open(), open()];
  for (const line of lines.slice(0, 3)) {
    line.opens();
    line.says(snapshot(1));
  }
  hurried.hurries = true;
  for (const line of lines.slice(0, 3)) line.breaks();
  mock.timers.tick(1_000);
  assert.equal(lines.length, 4);
  late.hurries = true;
  assert.equal(lines.length, 5);
  closed.close();
  lines[3].opens();
  assert.equal(lines.length, 5);
  hurried.close();
  late.close();
});

test("where notices overtake one another, a gap is given a moment to close by itself", () => {
  open({ settlesMs: 400 });
  lines[0].opens();
  lines[0].says(snapshot(1));
  for (const revision of [4, 3]) lines[0].says(tiles(revision));
  lines[0].says({ type: "people.changed", body: {} });
  lines[0].says(tiles(2));
  assert.deepEqual(revisions(), [1, undefined, 2, 3, 4]);
  mock.timers.tick(1_000);
  assert.equal(lines[0].sent.length, 0, "nothing had to be asked");

  lines[0].says(tiles(7));
  lines[0].says(tiles(6));
  assert.equal(lines[0].sent.length, 0);
  mock.timers.tick(400);
  assert.deepEqual(lines[0].sent.map(({ type }) => type), ["snapshot.get"]);
  lines[0].says(snapshot(6));
  assert.deepEqual(revisions().slice(5), [6, 7]);

  // A snapshot that comes meanwhile closes it, too.
  lines[0].says(tiles(9));
  lines[0].says(snapshot(8));
  assert.deepEqual(revisions().slice(7), [8, 9]);
  mock.timers.tick(1_000);
  assert.equal(lines[0].sent.length, 1);
});

test("a line may ask for a sign of life in its own way", () => {
  let asked = 0;
  const socket = new Socket("/ws/chat/event/EVENT/", { notice: () => {} }, { type: "snapshot.get", deadline: 5_000, ask: () => asked++ }).open();
  lines[0].opens();
  mock.timers.tick(36_000);
  assert.deepEqual([asked, lines[0].sent.length], [1, 0]);
  mock.timers.tick(5_000);
  assert.equal(lines.length, 2, "nobody answered");
  socket.close();
});
