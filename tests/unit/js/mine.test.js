// What this page decides of its own devices, without a browser: whom it asks, what it tells, and for how long it keeps them.

import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

import { worthAsking } from "../../../backstage/static/backstage/devices.js";
import { Expected } from "../../../backstage/static/backstage/expected.js";
import { Refusal } from "../../../backstage/static/backstage/protocol.js";
import { Told } from "../../../backstage/static/backstage/told.js";
import { doesNotArrive, troubleOf, unreached, withStuck } from "../../../backstage/static/backstage/views/trouble.js";

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
});

// --- one question for one No ---
test("after a No only what is allowed, or was not the reason for it, is asked for alone", () => {
  const asked = (/** @type {any} */ camera, /** @type {any} */ microphone) => [...worthAsking({ camera, microphone })];
  assert.deepEqual(asked("prompt", "prompt"), [], "dismissed: once is enough");
  assert.deepEqual(asked("denied", "denied"), []);
  assert.deepEqual(asked(null, null), [], "this browser does not tell");
  assert.deepEqual(asked("denied", "prompt"), ["microphone"]);
  assert.deepEqual(asked("prompt", "denied"), ["camera"]);
  assert.deepEqual(asked("denied", "granted"), ["microphone"]);
  assert.deepEqual(asked("prompt", "granted"), ["microphone"]);
  assert.deepEqual(asked("granted", "granted"), ["microphone", "camera"], "the computer said No to one of them");
});

const settle = async () => {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
};

// --- what was agreed and is not told yet ---
test("what was agreed is counted on until it is here, and not for ever", async () => {
  let asked = 0;
  let disappointed = 0;
  const tile = new Expected(async () => asked++, () => disappointed++);
  assert.equal(tile.isOn, false);
  tile.begin();
  mock.timers.tick(9_000);
  assert.equal(tile.isOn, true);
  tile.end();
  mock.timers.tick(60_000);
  await settle();
  assert.deepEqual([tile.isOn, asked, disappointed], [false, 0, 0]);
  tile.begin();
  mock.timers.tick(15_000);
  assert.deepEqual([tile.isOn, asked, disappointed], [true, 1, 0], "perhaps the notice was lost");
  await settle();
  assert.deepEqual([tile.isOn, disappointed], [false, 1]);
});

test("what was told when it was asked for is no disappointment", async () => {
  let disappointed = 0;
  const tile = new Expected(async () => tile.end(), () => disappointed++);
  tile.begin();
  mock.timers.tick(15_000);
  await settle();
  assert.deepEqual([tile.isOn, disappointed], [false, 0]);
});

// --- what my tile was told ---
const on = { microphone: true, camera: true };
const off = { microphone: true, camera: false };
/** @param {{ microphone: boolean, camera: boolean }} switches @param {boolean} [replaces] */
const tile = (switches, replaces = false) => ({ ...switches, replaces_camera: replaces });

/** @param {() => Promise<unknown>} answer */
function told(answer) {
  /** @type {object[]} */
  const sent = [];
  return { sent, told: new Told((switches) => (sent.push(switches), answer())) };
}

test("what a lost line swallowed is said again when the tile says otherwise", async () => {
  let isUp = false;
  const { sent, told: one } = told(async () => {
    if (!isUp) throw new Refusal("disconnected", "");
  });
  await one.say(off);
  isUp = true;
  one.correct(tile(on), off);
  await settle();
  assert.deepEqual(sent, [off, off]);
  // The tile follows later than the answer.
  one.correct(tile(on), off);
  assert.equal(sent.length, 2);
  one.correct(tile(off), off);
  assert.equal(sent.length, 2);
});

test("nothing is said again while it is on its way, nor what is so already", async () => {
  /** @type {() => void} */
  let arrive = () => {};
  const { sent, told: one } = told(() => new Promise((resolve) => (arrive = () => resolve(undefined))));
  one.correct(tile(on), off);
  one.correct(tile(on), off);
  assert.deepEqual(sent, [off]);
  arrive();
  await settle();
  one.forget();
  one.correct(tile(off), off);
  assert.equal(sent.length, 1);
  one.correct(tile(on), off);
  assert.equal(sent.length, 2, "a new place knows nothing");
});

test("a screen in the camera's place says nothing of the camera", () => {
  const { sent, told: one } = told(async () => {});
  one.correct(tile(on, true), off);
  assert.deepEqual(sent, []);
  one.correct(tile({ microphone: false, camera: true }, true), off);
  assert.deepEqual(sent, [off]);
});

test("a refusal is for whoever pressed, and is no reason to go on asking by itself", async () => {
  const { sent, told: one } = told(async () => {
    throw new Refusal("muted", "An organizer has muted you.");
  });
  await assert.rejects(() => one.say(on), Refusal);
  one.correct(tile({ microphone: false, camera: true }), on);
  await settle();
  assert.equal(sent.length, 2);
});

// --- what does not get through ---
const shown = { participant: "me", kind: "camera", replaces_camera: false, microphone: true, camera: true };

test("what others do not get is named, and started again", () => {
  const cases = /** @type {const} */ ([
    [{ seen: false, heard: true }, "others-cannot-see", ["camera"]],
    [{ seen: true, heard: false }, "others-cannot-hear", ["microphone"]],
    [{ seen: false, heard: false }, "others-cannot-see-or-hear", ["camera", "microphone"]],
    [{ seen: true, heard: true }, null, []],
    [{ seen: false, heard: false, connected: false }, null, []],
    [{ seen: false, camera: false, heard: true }, null, []],
  ]);
  for (const [says, sentence, kinds] of cases) {
    assert.equal(troubleOf({ ...shown, ...says }), sentence);
    assert.deepEqual(unreached({ ...shown, ...says }), kinds);
    assert.equal(doesNotArrive({ ...shown, ...says }), sentence !== null, "and others see the mark");
  }
  const screen = { ...shown, kind: "screen", replaces_camera: true, seen: false, heard: false };
  assert.deepEqual(unreached(screen), ["microphone"], "the picture is the screen's");
});

test("a network that lets nothing through is said on the tiles that it concerns", () => {
  const nothing = { camera: false, screen: false, watching: false };
  const screen = { ...shown, kind: "screen" };
  const instead = { ...screen, replaces_camera: true };
  const hers = { ...shown, participant: "her" };
  const all = [shown, screen, instead, hers];
  const stuck = (/** @type {object} */ isBlocked) =>
    withStuck(all, "me", { ...nothing, ...isBlocked }).map((one) => one.stuck);
  assert.deepEqual(stuck({}), [undefined, undefined, undefined, undefined]);
  assert.deepEqual(stuck({ camera: true }), ["out", undefined, "out", undefined]);
  assert.deepEqual(stuck({ screen: true }), [undefined, "out", undefined, undefined]);
  assert.deepEqual(stuck({ watching: true }), [undefined, undefined, undefined, "in"]);
  // Connecting is no trouble; not getting through is.
  assert.equal(troubleOf({ ...shown, connected: false }), null);
  assert.equal(troubleOf({ ...shown, connected: false, stuck: "out" }), "stuck-out");
});
