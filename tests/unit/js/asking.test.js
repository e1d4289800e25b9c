// For how long my request keeps my devices, with as much of a page as it draws on.

import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

import "./static-files.js";

const sentences = ["queue-place", "declined", "withdrawn"].map((value) => ({ value, textContent: value }));
const element = () => ({
  hidden: false,
  addEventListener: () => {},
  contains: () => false,
  append: () => {},
  children: [],
  content: { querySelectorAll: () => sentences },
});
globalThis.document = /** @type {any} */ ({
  activeElement: null,
  createElement: element,
  querySelector: element,
  querySelectorAll: (/** @type {string} */ selector) => (selector.startsWith("template") ? [element()] : []),
  addEventListener: () => {},
});
const { MyAsking } = await import("../../../moderation/static/moderation/asking.js");

const request = (/** @type {string} */ state, name = "r1") =>
  /** @type {any} */ ({ request: name, state, place: state === "waiting" ? 1 : null, word: "" });
const socket = /** @type {any} */ ({ whenInside: async () => {}, command: async () => {} });
let released = 0;
const asking = () => new MyAsking(socket, () => released++);

beforeEach(() => {
  released = 0;
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
});

test("an accepted request keeps devices until its tile was seen", () => {
  const mine = asking();
  mine.told(request("waiting"), false);
  assert.equal(mine.keepsDevices, true);
  mine.told(request("accepted"), false);
  assert.equal(mine.keepsDevices, true, "the tile is on its way");
  mine.follow(true);
  assert.equal(mine.keepsDevices, false, "the tile itself keeps them now");
  mine.follow(false);
  assert.equal(mine.keepsDevices, false, "off screen again");
});

test("the tile may come first, and may be gone again when the answer comes", () => {
  const mine = asking();
  mine.told(request("waiting"), false);
  mine.follow(true);
  mine.follow(false);
  mine.told(request("accepted"), false);
  assert.equal(mine.keepsDevices, false);
});

test("a tile that never comes is not waited for for ever", async () => {
  const mine = asking();
  mine.told(request("waiting"), false);
  mine.told(request("accepted"), false);
  mock.timers.tick(15_000);
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
  assert.deepEqual([mine.keepsDevices, released], [false, 1]);
});

test("after a reload an accepted request whose tile was seen and removed keeps nothing", () => {
  const mine = asking();
  mine.follow(true);
  mine.follow(false);
  mine.told(request("accepted"), true);
  assert.equal(mine.keepsDevices, false);
});

test("each request has a tile of its own", () => {
  const mine = asking();
  mine.told(request("waiting"), false);
  mine.told(request("accepted"), false);
  mine.follow(true);
  mine.follow(false);
  mine.told(request("waiting", "r2"), false);
  mine.told(request("accepted", "r2"), false);
  assert.equal(mine.keepsDevices, true);
  mine.told(request("declined", "r2"), false);
  assert.equal(mine.keepsDevices, false);
});

test("between the answer to asking and the notice of it devices are kept", async () => {
  const mine = asking();
  mine.told(request("declined", "r0"), true);
  const asked = mine.ask({ microphone: true, camera: true });
  assert.equal(mine.keepsDevices, true);
  await asked;
  // Something else of the queue is told.
  mine.told(request("declined", "r0"), false);
  assert.equal(mine.keepsDevices, true);
  mine.told(request("waiting"), false);
  mock.timers.tick(60_000);
  assert.deepEqual([mine.keepsDevices, released], [true, 0]);
});
