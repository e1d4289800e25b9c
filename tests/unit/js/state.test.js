// Snapshot + notices = the next snapshot.

import assert from "node:assert/strict";
import { test } from "node:test";

import { reduceStage } from "../../../backstage/static/backstage/stage-state.js";
import { myTile, reduce } from "../../../backstage/static/backstage/state.js";
import { NOTHING_ASKED, reduce as reduceQueue } from "../../../moderation/static/moderation/state.js";

const me = { participant: "me", name: "Ada", photo: null, organizer: false, may_return: false, muted: false };
const offAir = { state: "off_air", delay_s: 12, on_air_in_ms: null, live_for_ms: null, off_air_in_ms: null };
/** @param {string} participant @param {number} slot */
const tile = (participant, slot) => ({
  slot,
  participant,
  name: participant,
  photo: null,
  kind: "camera",
  connected: true,
  microphone: true,
  camera: true,
});
const nobody = { me, event: "E", stage: "S", tiles: [], show: offAir, people: 1, watching: 0 };
/** @param {object} [changed] */
const snapshot = (changed = {}, revision = 1) => ({
  type: "backstage.snapshot",
  revision,
  body: { ...nobody, ...changed },
});
/** @param {any[]} notices @param {number} [now] */
const after = (notices, now = 1000) => notices.reduce((room, notice) => reduce(room, notice, now), null);

test("what comes before the first snapshot is in it", () => {
  assert.equal(after([{ type: "tiles.changed", revision: 1, body: { tiles: [tile("me", 1)] } }]), null);
});

test("a snapshot and the notices after it make the next snapshot", () => {
  const tiles = [tile("me", 2)];
  const show = { ...offAir, state: "live", live_for_ms: 400 };
  const grown = after([
    snapshot(),
    { type: "tiles.changed", revision: 2, body: { tiles } },
    { type: "show.changed", revision: 3, body: { show } },
    { type: "people.changed", body: { people: 7, watching: 9 } },
    { type: "me.changed", body: { may_return: true, muted: false, as_of: 3 } },
  ]);
  const at_once = after([snapshot({ tiles, show, people: 7, watching: 9, me: { ...me, may_return: true } }, 3)]);
  assert.deepEqual(grown, at_once);
});

test("older revisions are ignored, and change nothing at all", () => {
  const room = after([snapshot({}, 5)]);
  for (const revision of [3, 5]) {
    assert.equal(reduce(room, { type: "tiles.changed", revision, body: { tiles: [tile("me", 1)] } }, 0), room);
  }
});

test("times are kept by the page's own clock", () => {
  const going = { ...offAir, state: "going_live", on_air_in_ms: 12_000 };
  assert.equal(after([snapshot({ show: going })], 500).show.onAirAt, 12_500);
  const live = { ...offAir, state: "ending", live_for_ms: 60_000, off_air_in_ms: 9_000 };
  const { liveSince, offAirAt } = after([snapshot({ show: live })], 70_000).show;
  assert.deepEqual([liveSince, offAirAt], [10_000, 79_000]);
});

test("my tile is my camera's, not my screen's", () => {
  const tiles = [{ ...tile("me", 1), kind: "screen" }, tile("other", 2), tile("me", 3)];
  assert.equal(myTile(after([snapshot({ tiles })]))?.slot, 3);
  assert.equal(myTile(after([snapshot()])), undefined);
});

test("the queue: the organizers' and my own", () => {
  const waiting = { request: "r", participant: "p", name: "P", photo: null, place: 1, microphone: true, camera: true };
  const mine = { request: "m", state: "waiting", place: 2 };
  let queue = NOTHING_ASKED;
  for (const notice of [
    { type: "moderation.snapshot", revision: 4, body: { requests: [], mine: null } },
    { type: "requests.changed", revision: 5, body: { requests: [waiting] } },
    { type: "request.changed", body: { mine, as_of: 6 } },
    { type: "request.changed", body: { mine: null, as_of: 5 } },
    { type: "requests.changed", revision: 5, body: { requests: [] } },
  ]) {
    queue = reduceQueue(queue, /** @type {any} */ (notice));
  }
  assert.deepEqual(queue, { revision: 5, requests: [waiting], mine, mineAsOf: 6 });
});

test("the Stage: a layout replaces the former, an older one does not", () => {
  const first = { live: true, tiles: [] };
  const next = { live: false, tiles: [] };
  let aired = reduceStage(null, {
    type: "stage.snapshot",
    revision: 7,
    body: { layout: first, media: true, watching: 3, on_screen: false, ice_servers: [], shown: "hopin" },
  });
  aired = reduceStage(aired, { type: "watching.changed", body: { watching: 4 } });
  aired = reduceStage(aired, { type: "layout.aired", revision: 6, body: { layout: next } });
  assert.deepEqual(aired, { revision: 7, layout: first, watching: 4, onScreen: false, shown: "hopin" });
  aired = reduceStage(aired, { type: "layout.aired", revision: 8, body: { layout: next } });
  assert.deepEqual(aired, { revision: 8, layout: next, watching: 4, onScreen: false, shown: "hopin" });
});
