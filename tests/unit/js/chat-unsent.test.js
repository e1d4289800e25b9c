// What waits to be sent, what stands in the list, and what is said of it.

import assert from "node:assert/strict";
import { mock, test } from "node:test";

import "./static-files.js";
import { newsOf, News } from "../../../chat/static/chat/news.js";
import { rowsOf } from "../../../chat/static/chat/rows.js";
import { reduce } from "../../../chat/static/chat/state.js";
import { dayLabel } from "../../../chat/static/chat/times.js";
import { Refusal } from "../../../backstage/static/backstage/protocol.js";
import { message, snapshot } from "./chat-room.js";

const { again, isLost, isSlow, pause, refused, remembered, without, written } = await import("../../../chat/static/chat/unsent.js");
const ME = { person: 1, name: "Me", photo: null, colour: 3 };

// --- unsent ---
test("a message waits until the server has it, by its own id and of mine", () => {
  const queue = [written("one", 0, "a"), written("two", 0, "b")];
  assert.equal(without(queue, [message(1, { client_id: "a", author: 2 })], 1), queue, "another's");
  assert.deepEqual(without(queue, [message(1, { client_id: "a", author: 1 })], 1), [queue[1]]);
});

test("a lost line fails nothing; a refusal does, with its reason, until it is tried again", () => {
  const queue = [written("one", 0, "a")];
  for (const code of ["disconnected", "timeout"]) assert.equal(refused(queue, "a", new Refusal(code, ""), 0), queue);
  assert.equal(refused(queue, "a", new Refusal("timeout", "This took too long. Try again."), 0), queue, "it is sent again soon");
  const [failed] = refused(queue, "a", new Refusal("chat.muted", "You have been muted."), 1000);
  assert.deepEqual([failed.reason, failed.notBefore], ["You have been muted.", 0]);
  const [fast] = refused(queue, "a", new Refusal("chat.too_fast", "Wait a moment."), 1000);
  assert.ok(fast.notBefore > 1000);
  assert.deepEqual(again([fast], "a"), queue);
  assert.deepEqual(refused(queue, "a", new Refusal("message.gone", "Deleted."), 0), [], "it had arrived");
  assert.throws(() => refused(queue, "a", new TypeError("a mistake of ours"), 0), TypeError);
});

test("what was refused says by which rule, after a reload, too: the page knows when that holds no longer", () => {
  const queue = refused([written("one", 0, "a")], "a", new Refusal("chat.muted", "You have been muted."), 0);
  assert.equal(queue[0].refusal, "chat.muted");
  assert.deepEqual(remembered(JSON.parse(JSON.stringify(queue))), queue);
});

test("a server that says that it was too slow is not a line that is lost", () => {
  const kinds = [["disconnected", ""], ["timeout", ""], ["timeout", "This took too long. Try again."], ["chat.muted", "You have been muted."]].map(
    ([code, text]) => new Refusal(code, text),
  );
  assert.deepEqual(kinds.map(isLost), [true, true, false, false]);
  assert.deepEqual(kinds.map(isSlow), [false, false, true, false]);
});

test("what comes back with a line keeps to five in five seconds", () => {
  assert.deepEqual([0, 4].map(pause), [0, 0]);
  assert.ok(pause(5) > 5000 && pause(9) === pause(5) && pause(10) > 10_000);
});

test("what a tab remembers is taken as far as it makes sense", () => {
  const queue = [written("one", 7, "a", [3])];
  assert.deepEqual(remembered(JSON.parse(JSON.stringify(queue))), queue);
  assert.deepEqual(remembered([{ client_id: "a", text: "one", mentions: "all" }])[0].mentions, []);
  for (const nonsense of [null, {}, [null], [{ client_id: 1 }], "x"]) assert.deepEqual(remembered(nonsense), []);
});

// --- rows ---
const AT = Date.parse("2026-11-25T12:00:00Z");
/** @param {any[]} messages @param {any[]} [unsent] */
const rows = (messages, unsent = []) => {
  const room = reduce(null, snapshot({ messages }));
  assert.ok(room);
  return rowsOf(room, unsent, ME, AT, "en");
};

test("messages of one author are one block, for five minutes and a day", () => {
  const at = (/** @type {number} */ minutes) => new Date(AT + minutes * 60_000).toISOString();
  const found = rows([
    message(1, { at: at(-2 * 24 * 60) }),
    message(2, { at: at(0) }),
    message(3, { at: at(1) }),
    message(4, { at: at(2), author: 3 }),
    message(5, { at: at(9), author: 3 }),
  ]);
  assert.deepEqual(found.map((row) => (row.kind === "day" ? row.label : row.grouped)), ["Monday, November 23", false, "Today", false, true, false, false]);
});

test("a message of mine is the same row before and after it is stored", () => {
  const before = rows([message(1)], [written("Hello", AT, "mine")]);
  const after = rows([message(1), message(2, { author: 1, client_id: "mine", text: "Hello" })]);
  assert.deepEqual(after.map(({ key }) => key), before.map(({ key }) => key));
  assert.equal(rows([message(1, { client_id: "mine" })])[1].key, "m1", "nobody else has my key");
});

test("who mentions me is marked; I do not mention myself", () => {
  const mentions = [{ person: 1, name: "Me" }];
  const marked = rows([message(1, { mentions }), message(2, { author: 1, mentions })]).map((row) => row.kind === "message" && row.mentionsMe);
  assert.deepEqual(marked, [false, true, false]);
});

test("a day is called as one speaks of it", () => {
  const day = 86_400_000;
  assert.deepEqual([0, 1, 2, 400].map((ago) => dayLabel(AT - ago * day, AT, "en")), ["Today", "Yesterday", "Monday, November 23", "Tuesday, October 21, 2025"]);
});

// --- what is said ---
/** @param {string} name @param {boolean} [mentionsMe] */
const heard = (name, mentionsMe = false) => ({ id: name, name, text: "Hello", mentionsMe });

test("a few are read out, many are counted, a mention is always said", () => {
  const keys = (/** @type {any[]} */ messages, shown = true) => newsOf(messages, shown).map(([key, { name, n }]) => [key, name ?? n]);
  assert.deepEqual(keys([heard("Ada"), heard("Sam")]), [["chat-said-message", "Ada"], ["chat-said-message", "Sam"]]);
  assert.deepEqual(keys(Array.from({ length: 100 }, () => heard("Ada"))), [["chat-said-many", 100]]);
  assert.deepEqual(keys([heard("Ada")], false), [["chat-said-one", 1]]);
  assert.deepEqual(keys([heard("Ada", true)], false), [["chat-said-mention", "Ada"]]);
  assert.deepEqual(keys([heard("Ada", true), heard("Sam")], false), [["chat-said-mention", "Ada"], ["chat-said-many", 2]]);
  const [[, { text }]] = newsOf([{ ...heard("Ada"), text: "😀".repeat(500) }], true);
  assert.equal([...String(text)].length, 161);
});

/** News of a chat that is shown, and its time. */
function told() {
  let now = 0;
  let shown = true;
  /** @type {any[]} */
  const said = [];
  const gone = new Set();
  const news = new News((sentences) => said.push(...sentences), () => shown, (id) => gone.has(id), () => now);
  const pass = (/** @type {number} */ ms) => {
    now += ms;
    mock.timers.tick(ms);
  };
  return { said, news, pass, gone, show: (/** @type {boolean} */ is) => void (shown = is) };
}

test("a hundred at once are one sentence, and a chat that is not shown speaks seldom", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const { said, news, pass, show } = told();
  for (let each = 0; each < 100; each++) news.hear(heard("Ada"));
  pass(1_000);
  assert.deepEqual(said, [["chat-said-many", { n: 100 }]]);
  show(false);
  news.hear(heard("Ada"));
  pass(20_000);
  assert.equal(said.length, 1);
  news.hear(heard("Sam", true));
  pass(1_000);
  assert.equal(said.length, 3, "a mention does not wait");
  mock.timers.reset();
});

test("mention upon mention keeps none of them waiting", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const { said, news, pass } = told();
  for (let each = 0; each < 12; each++) {
    news.hear(heard("Sam", true));
    pass(500);
  }
  assert.ok(said.length > 0);
  mock.timers.reset();
});

test("what was deleted before it was said is not said", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const { said, news, pass, gone } = told();
  news.hear(heard("Ada"));
  news.hear(heard("Sam"));
  gone.add("Ada");
  pass(1_000);
  assert.deepEqual(said.map(([, { name }]) => name), ["Sam"]);
  mock.timers.reset();
});
