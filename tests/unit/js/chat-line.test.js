// The line of one room: what is sent is kept until it is there, and what was missed is asked for.

import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

import "./static-files.js";
import { message, snapshot } from "./chat-room.js";

const { ChatLine } = await import("../../../chat/static/chat/line.js");

/** @type {FakeLine[]} */
let lines = [];
/** @type {Map<string, string>} */
let storage;
/** @type {string[][]} */
let arrived;
/** Messages that were not taken. */
let refusals = 0;

class FakeLine {
  static OPEN = 1;
  readyState = 0;
  /** @type {any[]} */
  sent = [];
  /** @type {any} */ onopen;
  /** @type {any} */ onmessage;
  /** @type {any} */ onclose;

  constructor() {
    lines.push(this);
  }
  /** @param {string} text */
  send(text) {
    this.sent.push(JSON.parse(text));
  }
  close() {
    this.readyState = 3;
  }
  opens() {
    this.readyState = 1;
    this.onopen?.();
    return this;
  }
  /** @param {any} said */
  says(said) {
    this.onmessage?.({ data: JSON.stringify(said) });
    return this;
  }
  breaks() {
    this.readyState = 3;
    this.onclose?.({ code: 1006 });
  }
  /** @param {string} type */
  asked(type) {
    return this.sent.filter((command) => command.type === type);
  }
}

beforeEach(() => {
  lines = [];
  storage = new Map();
  arrived = [];
  refusals = 0;
  globalThis.WebSocket = /** @type {any} */ (FakeLine);
  globalThis.location = /** @type {any} */ ({ origin: "https://events.example" });
  globalThis.sessionStorage = /** @type {any} */ ({
    getItem: (/** @type {string} */ key) => storage.get(key) ?? null,
    setItem: (/** @type {string} */ key, /** @type {string} */ value) => void storage.set(key, value),
    removeItem: (/** @type {string} */ key) => void storage.delete(key),
  });
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
});

function open() {
  const line = new ChatLine("/ws/chat/event/e/", { person: 1, stage: "stage" }, {
    changed: () => {},
    arrived: (messages) => arrived.push(messages.map(({ text }) => text)),
    refused: () => (refusals += 1),
    end: () => {},
  });
  line.open();
  return line;
}

const settled = async () => {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
};
/** @param {any} command @param {any} body */
const ok = (command, body) => ({ type: "ok", re: command.id, body });
/** @param {number} number @param {any} sent */
const stored = (number, sent) => message(number, { author: 1, text: sent.body.text, client_id: sent.body.client_id });
/** @param {InstanceType<typeof ChatLine>} line */
const shown = (line) => [line.room?.messages.map(({ text }) => text), line.unsent.map(({ text }) => text)];

/** Told again by a new line. */
function comesBack() {
  lines.at(-1)?.breaks();
  mock.timers.tick(400);
  return /** @type {FakeLine} */ (lines.at(-1)).opens();
}

test("what is sent is shown at once, and is stored once, whichever word of it comes first", async () => {
  const line = open();
  lines[0].opens().says(snapshot());
  line.send("One");
  assert.deepEqual(shown(line), [[], ["One"]]);
  const [sent] = lines[0].asked("message.send");
  assert.equal(sent.body.stage, "stage");
  lines[0].says({ type: "message.posted", revision: 2, body: { message: stored(1, sent) } });
  assert.deepEqual(shown(line), [["One"], []]);
  lines[0].says(ok(sent, { message: stored(1, sent) }));
  await settled();
  assert.deepEqual(shown(line), [["One"], []]);
  assert.deepEqual([arrived, storage.size], [[], 0]);
});

test("what the line did not carry is sent again with the next one, by the same id", async () => {
  const line = open();
  lines[0].opens().says(snapshot());
  line.send("One");
  const [first] = lines[0].asked("message.send");
  const second = comesBack();
  line.send("Two");
  await settled();
  second.says(snapshot());
  await settled();
  const [again] = second.asked("message.send");
  assert.deepEqual([again.body.text, again.body.client_id], ["One", first.body.client_id]);
  second.says(ok(again, { message: stored(1, again) }));
  await settled();
  second.says(ok(second.asked("message.send")[1], { message: stored(2, second.asked("message.send")[1]) }));
  await settled();
  assert.deepEqual([shown(line), second.asked("message.send").length], [[["One", "Two"], []], 2]);
});

test("what is written while older ones wait for a line or for their turn is sent behind them", async () => {
  const line = open();
  lines[0].opens().says(snapshot());
  for (const text of ["1", "2", "3", "4", "5", "6"]) line.send(text);
  const second = comesBack();
  line.send("7");
  second.says(snapshot());
  const sent = () => second.asked("message.send");
  for (let number = 1; number <= 7; number++) {
    await settled();
    if (number === 3) line.send("8");
    if (number === 6) {
      // Five in five seconds, by the server's count.
      assert.equal(sent().length, 5);
      mock.timers.tick(5_200);
      await settled();
    }
    second.says(ok(sent()[number - 1], { message: stored(number, sent()[number - 1]) }));
  }
  await settled();
  assert.deepEqual(sent().map(({ body }) => body.text), ["1", "2", "3", "4", "5", "6", "7", "8"]);
});

test("a reload forgets nothing that is not sent", async () => {
  const before = open();
  before.send("Written before the line was there");
  await settled();
  const after = open();
  assert.deepEqual(after.unsent, before.unsent);
  lines[1].opens().says(snapshot());
  await settled();
  assert.deepEqual(lines[1].asked("message.send").map(({ body }) => body.client_id), [before.unsent[0].client_id]);
});

test("what happened while the line was lost is asked for, and told as new", async () => {
  const line = open();
  lines[0].opens().says(snapshot({ messages: [message(1), message(2)], more: true }, 7));
  const second = comesBack();
  second.says(snapshot({ messages: [message(9), message(10)], more: true, unread: 9 }, 16));
  const [asked] = second.asked("chat.catch_up");
  assert.deepEqual(asked.body, { revision: 7, after: 2 });
  const between = [3, 4, 5].map((number) => message(number));
  second.says(ok(asked, { messages: between, deleted: ["m1"], more: true, revision: 12 }));
  await settled();
  const next = second.asked("chat.catch_up")[1];
  assert.deepEqual(next.body, { revision: 12, after: 5 });
  second.says(ok(next, { messages: [6, 7, 8].map((number) => message(number)), deleted: [], more: false, revision: 16 }));
  await settled();
  assert.deepEqual(line.room?.messages.map(({ number }) => number), [2, 3, 4, 5, 6, 7, 8, 9, 10]);
  assert.equal(line.room?.unread, 9);
});

test("a refusal stays with the message, and one may try again or take it back", async () => {
  const line = open();
  lines[0].opens().says(snapshot());
  line.send("One");
  const [sent] = lines[0].asked("message.send");
  lines[0].says({ type: "error", re: sent.id, code: "chat.muted", text: "You have been muted by the organizer" });
  await settled();
  assert.equal(line.unsent[0].reason, "You have been muted by the organizer");
  assert.equal(refusals, 1);
  line.tryAgain(line.unsent[0].client_id);
  assert.equal(line.unsent[0].reason, "");
  assert.equal(lines[0].asked("message.send").length, 2);
  line.discard(line.unsent[0].client_id);
  assert.deepEqual([line.unsent, storage.size], [[], 0]);
});

test("what was lost before a message of mine is asked for, and told as new", async () => {
  const line = open();
  lines[0].opens().says(snapshot({ messages: [message(10)], read_up_to: 10 }, 10));
  line.send("Mine");
  const [sent] = lines[0].asked("message.send");
  lines[0].says(ok(sent, { message: stored(12, sent) }));
  await settled();
  lines[0].says({ type: "chat.at", body: { as_of: 12 } });
  const [asked] = lines[0].asked("chat.catch_up");
  assert.deepEqual(asked.body, { revision: 10, after: 10 });
  lines[0].says(ok(asked, { messages: [message(11), stored(12, sent)], deleted: [], more: false, revision: 12 }));
  await settled();
  assert.deepEqual([shown(line)[0], arrived], [["Text 10", "Text 11", "Mine"], [["Text 11"]]]);
});

test("what the server had no time for is sent again over the same line, by the same id", async () => {
  const line = open();
  lines[0].opens().says(snapshot());
  line.send("One");
  line.send("Two");
  const sent = lines[0].asked("message.send");
  const slow = (/** @type {any} */ command) => ({ type: "error", re: command.id, code: "timeout", text: "This took too long. Try again." });
  for (const each of sent) lines[0].says(slow(each));
  await settled();
  assert.deepEqual([line.unsent.map(({ reason }) => reason), lines[0].asked("message.send").length], [["", ""], 2]);
  mock.timers.tick(5_000);
  await settled();
  const third = lines[0].asked("message.send")[2];
  assert.deepEqual(third.body, sent[0].body);
  // Again and again, until it is there; the others wait behind it.
  lines[0].says(slow(third));
  await settled();
  line.send("Three");
  assert.equal(lines[0].asked("message.send").length, 3);
  mock.timers.tick(5_000);
  await settled();
  for (const [place, text] of ["One", "Two", "Three"].entries()) {
    const again = lines[0].asked("message.send")[3 + place];
    assert.equal(again.body.text, text);
    lines[0].says(ok(again, { message: stored(1 + place, again) }));
    await settled();
  }
  mock.timers.tick(10_000);
  await settled();
  assert.deepEqual([shown(line), lines[0].asked("message.send").length, lines.length], [[["One", "Two", "Three"], []], 6, 1]);
});

test("what is read is told once in a while, the newest", async () => {
  const line = open();
  lines[0].opens().says(snapshot({ messages: [message(1)], unread: 1 }));
  line.readAll();
  assert.equal(line.room?.unread, 0);
  lines[0].says({ type: "message.posted", revision: 2, body: { message: message(2) } });
  line.readAll();
  line.readAll();
  assert.deepEqual(arrived, [["Text 2"]]);
  mock.timers.tick(1_000);
  assert.deepEqual(lines[0].asked("chat.read_up_to").map(({ body }) => body.number), [2]);
});

test("told that something may be lost, and in a silence, a page asks for what came since, to its end", async () => {
  const line = open();
  lines[0].opens().says(snapshot({ messages: [message(1)], read_up_to: 1 }, 1));
  lines[0].says({ type: "line.catch_up", body: {} });
  const [asked] = lines[0].asked("chat.catch_up");
  assert.deepEqual(asked.body, { revision: 1, after: 1 });
  lines[0].says(ok(asked, { messages: [message(2)], deleted: [], more: true, revision: 2 }));
  await settled();
  const next = lines[0].asked("chat.catch_up")[1];
  lines[0].says(ok(next, { messages: [message(3)], deleted: [], more: false, revision: 3 }));
  await settled();
  assert.deepEqual([line.room?.messages.length, line.room?.unread], [3, 2]);
  mock.timers.tick(36_000);
  assert.deepEqual(lines[0].asked("chat.catch_up")[2].body, { revision: 3, after: 3 });
  assert.equal(lines[0].asked("snapshot.get").length, 0);
});

test("what the server had no time to answer is asked for again, after a pause and not at each word of others", async () => {
  const line = open();
  lines[0].opens().says(snapshot({ messages: [message(1)] }));
  lines[0].says({ type: "line.catch_up", body: {} });
  const asked = () => lines[0].asked("chat.catch_up");
  for (const [times, pauseMs] of [[1, 1_000], [2, 2_000], [3, 4_000]]) {
    assert.equal(asked().length, times);
    lines[0].says({ type: "error", re: asked()[times - 1].id, code: "timeout", text: "" });
    await settled();
    lines[0].says({ type: "message.posted", revision: 1 + times, body: { message: message(1 + times) } });
    await settled();
    mock.timers.tick(pauseMs / 2 - 1);
    await settled();
    assert.equal(asked().length, times, "too soon");
    mock.timers.tick(pauseMs / 2 + 1);
    await settled();
  }
  assert.deepEqual(asked()[3].body, { revision: 1, after: 1 });
  lines[0].says(ok(asked()[3], { messages: [2, 3, 4].map((number) => message(number)), deleted: [], more: false, revision: 4 }));
  await settled();
  assert.deepEqual(line.room?.messages.map(({ number }) => number), [1, 2, 3, 4]);
  assert.equal(line.room?.behind, null);
});

test("when something was written is said by the server's clock, as far as it is known, also when it is sent much later", async (context) => {
  const server = Date.UTC(2026, 10, 26, 12);
  // This computer is an hour ahead.
  const now = context.mock.method(Date, "now", () => server + 3_600_000);
  const line = open();
  line.send("Before anything is known");
  await settled();
  assert.equal(lines[0].asked("message.send").length, 0);
  lines[0].opens().says(snapshot({ now: new Date(server - 200).toISOString() }));
  await settled();
  const sent = () => lines.flatMap((each) => each.asked("message.send")).map(({ body }) => [body.text, body.written_at]);
  assert.deepEqual(sent(), [["Before anything is known", new Date(server - 200).toISOString()]]);
  // What was less long on its way says more of the time.
  lines[0].says({ type: "message.posted", revision: 2, body: { message: message(1, { at: new Date(server - 50).toISOString() }) } });
  line.discard(line.unsent[0].client_id);
  line.send("Into nothing");
  now.mock.mockImplementation(() => server + 3_600_000 + 60_000);
  comesBack().says(snapshot({ now: new Date(server + 60_000).toISOString() }));
  await settled();
  assert.deepEqual(sent().slice(1), [
    ["Into nothing", new Date(server - 50).toISOString()],
    ["Into nothing", new Date(server).toISOString()],
  ]);
});

test("without a word of the server nothing is said of the time, nor of the Stage", async () => {
  const line = open();
  lines[0].opens();
  line.send("Too early");
  const [sent] = lines[0].asked("message.send");
  assert.deepEqual([sent.body.text, "stage" in sent.body, "written_at" in sent.body], ["Too early", false, false]);
});

test("whom I chose is said with the message, also after a reload", async () => {
  open().send("@Ada?", [7]);
  const line = open();
  lines[1].opens().says(snapshot());
  await settled();
  assert.deepEqual(lines[1].asked("message.send")[0].body.mentions, [7]);
  assert.deepEqual(line.unsent[0].mentions, [7]);
});

test("the chat of a draft opens by itself, and closes", async () => {
  const line = open();
  lines[0].opens().says({ type: "chat.closed", body: {} });
  assert.deepEqual([line.isClosed, line.isUp, line.room], [true, true, null]);
  lines[0].says(snapshot());
  assert.deepEqual([line.isClosed, line.room?.messages], [false, []]);
  lines[0].says({ type: "chat.closed", body: {} });
  assert.equal(line.isClosed, true);
});

test("of a chat that has closed nothing is asked but whether it is open again", async () => {
  const line = open();
  const asked = () => lines[0].sent.map(({ type }) => type);
  lines[0].opens().says(snapshot({ messages: [message(1)] }));
  lines[0].says({ type: "line.catch_up", body: {} });
  lines[0].says({ type: "chat.closed", body: {} });
  lines[0].says({ type: "error", re: lines[0].asked("chat.catch_up")[0].id, code: "chat.closed", text: "" });
  for (let seconds = 0; seconds < 20; seconds++) {
    await settled();
    mock.timers.tick(1_000);
  }
  assert.deepEqual(asked(), ["chat.catch_up"]);
  lines[0].says({ type: "line.catch_up", body: {} });
  assert.deepEqual(asked(), ["chat.catch_up", "snapshot.get"]);
  lines[0].says({ type: "error", re: lines[0].asked("snapshot.get")[0].id, code: "chat.closed", text: "" });
  lines[0].says(snapshot({ messages: [message(1), message(2)] }, 2));
  await settled();
  assert.deepEqual([line.isClosed, line.room?.messages.length, line.room?.behind], [false, 2, null]);
  lines[0].says({ type: "line.catch_up", body: {} });
  assert.deepEqual(asked(), ["chat.catch_up", "snapshot.get", "chat.catch_up"]);
});

test("whoever goes for good holds nothing of the room, and what they have not sent is remembered", async () => {
  const line = open();
  lines[0].opens().says(snapshot({ messages: [message(1)] }));
  line.send("Mine");
  lines[0].says({ type: "line.catch_up", body: {} });
  const [asked] = lines[0].asked("chat.catch_up");
  line.close();
  lines[0].says({ type: "message.posted", revision: 2, body: { message: message(2) } });
  lines[0].says(ok(asked, { messages: [message(2)], deleted: [], revision: 2, more: false }));
  await settled();
  mock.timers.tick(60_000);
  assert.deepEqual([shown(line), line.isUp, lines.length], [[undefined, ["Mine"]], false, 1]);
  assert.deepEqual(shown(open()), [undefined, ["Mine"]]);
});

test("whom I mute and unmute is known at once, whether or not somebody tells me", async () => {
  const line = open();
  lines[0].opens().says(snapshot({ me: { moderates: true }, muted_people: [{ person: 7, name: "Ada" }] }));
  for (const muted of [false, true, true]) {
    const muting = line.mute(7, "Ada", muted);
    lines[0].says(ok(lines[0].asked("chat.mute").at(-1), {}));
    await muting;
    lines[0].says({ type: "chat.muted", body: { person: 7, name: "Ada", muted } });
    assert.deepEqual(line.room?.mutedPeople, muted ? [{ person: 7, name: "Ada" }] : []);
  }
});
