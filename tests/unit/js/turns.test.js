// Devices that open in another order than they were picked.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Turns } from "../../../backstage/static/backstage/turns.js";

test("of two picks of one kind only the later is wanted, whichever comes first", () => {
  for (const laterFirst of [false, true]) {
    const turns = new Turns();
    const [first, second] = [turns.begin("camera"), turns.begin("camera")];
    const came = (laterFirst ? [second, first] : [first, second]).map((turn) => [turn, [...turns.end(turn)]]);
    assert.deepEqual(Object.fromEntries(came), { [first]: [], [second]: ["camera"] });
    assert.equal(turns.isAwaiting, false);
  }
});

test("a camera and a microphone do not disturb each other", () => {
  const turns = new Turns();
  const [camera, microphone] = [turns.begin("camera"), turns.begin("microphone")];
  assert.deepEqual([...turns.end(microphone)], ["microphone"]);
  assert.equal(turns.isAwaiting, true);
  assert.deepEqual([...turns.end(camera)], ["camera"]);
});

test("a pick while both are opening leaves the other of them wanted", () => {
  const turns = new Turns();
  const both = turns.begin("camera", "microphone");
  const camera = turns.begin("camera");
  assert.deepEqual([...turns.end(both)], ["microphone"]);
  assert.deepEqual([...turns.end(camera)], ["camera"]);
});

test("after the end nothing is wanted, also when something new is on its way", () => {
  const turns = new Turns();
  const old = turns.begin("camera", "microphone");
  turns.forget();
  assert.equal(turns.isAwaiting, false);
  const now = turns.begin("camera", "microphone");
  assert.deepEqual([...turns.end(old)], []);
  assert.equal(turns.end(now).size, 2);
});
