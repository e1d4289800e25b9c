// What a page knows of a room of the chat: a snapshot with what came after it is the next snapshot.

import assert from "node:assert/strict";
import { test } from "node:test";

import "./static-files.js";
import { reduce, withCaughtUp, withNewest, withOlder, withPosted, withRead } from "../../../chat/static/chat/state.js";
import { deletion, message, snapshot } from "./chat-room.js";

/** What a snapshot would say of it. @param {any} room */
const told = ({ messages, unread, readUpTo, me, mutedPeople }) => ({ messages, unread, readUpTo, me, mutedPeople });
/** @param {number} revision @param {any} posted @returns {any} */
const posted = (revision, posted) => ({ type: "message.posted", revision, body: { message: posted } });
/** @param {number} revision @param {number} number @param {number} [author] @returns {any} */
const deleted = (revision, number, author) => ({ type: "message.deleted", revision, body: deletion(number, author) });
/** @param {any} room @returns {number[]} */
const numbers = (room) => room.messages.map((/** @type {any} */ each) => each.number);
/** @param {number} from @param {number} to */
const several = (from, to) => Array.from({ length: to - from + 1 }, (_, index) => message(from + index));
/** @param {any[]} notices @param {any} [room] @returns {any} */
const after = (notices, room = null) => notices.reduce(reduce, room);

test("snapshot and notices are the next snapshot", () => {
  const one = message(1);
  const mine = message(2, { author: 1 });
  const three = message(3);
  const notices = [posted(4, mine), posted(5, three), deleted(6, one.number)];
  const room = after([snapshot({ messages: [one], unread: 1 }, 3), ...notices]);
  assert.deepEqual(told(room), told(reduce(null, snapshot({ messages: [mine, three], unread: 1 }, 6))));
  assert.equal(room.revision, 6);
  const muting = { type: "chat.muted", body: { person: 9, name: "Nine", muted: true } };
  const muted = after([snapshot({ me: { moderates: true } }), muting]);
  assert.deepEqual(told(muted), told(reduce(null, snapshot({ me: { moderates: true }, muted_people: [{ person: 9, name: "Nine" }] }))));
  const read = after([snapshot({ messages: [one, three], unread: 2 }), { type: "chat.read", body: { read_up_to: 1 } }]);
  assert.deepEqual(told(read), told(reduce(null, snapshot({ messages: [one, three], unread: 1, read_up_to: 1 }))));
});

test("I am muted, and allowed again; others who are muted are no news to whoever does not moderate", () => {
  const mute = (/** @type {number} */ person, muted = true) => ({ type: "chat.muted", body: { person, muted } });
  assert.equal(after([snapshot(), mute(1)]).me.muted, true);
  assert.equal(after([snapshot(), mute(1), mute(1, false)]).me.muted, false);
  assert.deepEqual(after([snapshot(), mute(7)]).mutedPeople, []);
});

test("what comes twice, or after it was deleted, changes nothing", () => {
  const room = after([snapshot({ messages: [message(1)] }, 3), posted(4, message(2)), posted(4, message(2))]);
  assert.deepEqual([numbers(room), room.unread], [[1, 2], 1]);
  const without = reduce(room, deleted(5, 2));
  assert.ok(without);
  assert.deepEqual([numbers(without), without.unread], [[1], 0]);
  for (const late of [
    withPosted(without, message(2)),
    withOlder(without, { messages: [message(2)], more: false }),
    withCaughtUp(without, { messages: [message(2)], deleted: [], more: false, revision: 5 }),
  ]) {
    assert.deepEqual([numbers(late), late.unread], [[1], 0]);
  }
  assert.deepEqual(told(reduce(without, deleted(5, 2))), told(without));
});

test("messages stand by their number, however they come", () => {
  assert.deepEqual(numbers(after([snapshot({ messages: [message(1)] }, 1), posted(3, message(3)), posted(2, message(2))])), [1, 2, 3]);
});

test("a new line goes on where the old one was: what lies between is asked for, what was read stays", () => {
  const before = after([snapshot({ messages: several(1, 60), more: false, unread: 60 }, 60)]);
  const room = reduce(before, snapshot({ messages: several(81, 130), more: true, unread: 129 }, 131));
  assert.ok(room);
  assert.deepEqual(room.behind, { revision: 60, after: 60, counted: true });
  assert.deepEqual([numbers(room)[0], room.more], [1, false]);
  const caught = withCaughtUp(room, { messages: several(61, 80), deleted: ["m5"], more: false, revision: 131 });
  assert.deepEqual(numbers(caught), numbers({ messages: several(1, 130).filter(({ number }) => number !== 5) }));
  assert.equal(caught.behind, null);
  assert.equal(caught.unread, 129, "the snapshot has counted them");
});

test("catching up goes on until there is no more", () => {
  const before = after([snapshot({ messages: several(1, 10), more: true }, 10), snapshot({ messages: several(120, 169), more: true }, 169)]);
  const half = withCaughtUp(before, { messages: several(11, 60), deleted: [], more: true, revision: 60 });
  assert.deepEqual(half.behind, { revision: 60, after: 60, counted: true });
  const deletionsAlone = withCaughtUp(half, { messages: [], deleted: ["m1"], more: true, revision: 90 });
  assert.deepEqual(deletionsAlone.behind, { revision: 90, after: 60, counted: true });
});

test("whoever missed a great deal begins with the newest", () => {
  const before = after([snapshot({ messages: several(1, 50), more: false }, 50)]);
  const room = reduce(before, snapshot({ messages: several(951, 1000), more: true }, 1000));
  assert.ok(room);
  assert.deepEqual([numbers(room)[0], room.more, room.behind], [951, true, null]);
});

test("a snapshot of all there is takes away what was deleted without us", () => {
  const room = after([snapshot({ messages: several(1, 5) }, 5), snapshot({ messages: several(2, 3) }, 8)]);
  assert.deepEqual([numbers(room), room.behind], [[2, 3], null]);
});

test("the last notice of a quiet room that was lost is asked for, and counted", () => {
  const room = after([snapshot({ messages: several(1, 2), read_up_to: 2 }, 2), { type: "chat.at", body: { as_of: 2 } }]);
  assert.equal(room.behind, null);
  const behind = reduce(room, { type: "chat.at", body: { as_of: 3 } });
  assert.ok(behind);
  const caught = withCaughtUp(behind, { messages: [message(3)], deleted: [], more: false, revision: 3 });
  assert.deepEqual([numbers(caught), caught.unread, caught.revision], [[1, 2, 3], 1, 3]);
  assert.equal(reduce(caught, { type: "chat.at", body: { as_of: 3 } })?.behind, null);
});

test("the answer to a message of mine hides no gap before it", () => {
  const room = after([snapshot({ messages: several(9, 10), more: true, read_up_to: 10 }, 10)]);
  // The eleventh, another's, and the notice of mine are lost.
  const answered = withPosted(room, message(12, { author: 1 }));
  const behind = reduce(answered, { type: "chat.at", body: { as_of: 12 } });
  assert.ok(behind);
  assert.deepEqual(behind.behind, { revision: 10, after: 10, counted: false });
  const caught = withCaughtUp(behind, { messages: [message(11), message(12, { author: 1 })], deleted: [], more: false, revision: 12 });
  assert.deepEqual([numbers(caught), caught.unread, caught.upTo], [[9, 10, 11, 12], 1, 12]);
  // Mine was deleted meanwhile, and the newest is not the one that is here.
  const without = withCaughtUp(behind, { messages: [message(11)], deleted: ["m12"], more: false, revision: 13 });
  assert.deepEqual([numbers(without), without.upTo], [[9, 10, 11], 11]);
  // A new line that begins behind the gap asks for it, too.
  const renewed = reduce(answered, snapshot({ messages: several(13, 62), more: true }, 62));
  assert.deepEqual([renewed?.behind, renewed?.upTo], [{ revision: 10, after: 10, counted: true }, 62]);
});

test("notices, snapshots and what was asked for say up to where nothing is missed", () => {
  const room = after([snapshot({ messages: several(1, 2) }, 2), posted(3, message(3)), deleted(4, 3)]);
  assert.equal(room.upTo, 3);
  assert.equal(reduce(room, { type: "chat.at", body: { as_of: 5 } })?.behind?.after, 3);
});

test("what was never loaded is counted until it is deleted, and no longer", () => {
  const room = after([snapshot({ messages: several(51, 100), more: true, read_up_to: 20, unread: 80 }, 100)]);
  assert.equal(after([deleted(101, 40)], room).unread, 79);
  assert.equal(after([deleted(101, 40), deleted(101, 40)], room).unread, 79, "once");
  assert.equal(after([deleted(101, 40, 1)], room).unread, 80, "mine was never unread");
  assert.equal(after([deleted(101, 20)], room).unread, 80, "it was read");
  assert.equal(after([deleted(100, 40)], room).unread, 80, "the snapshot did not count it any more");
  assert.equal(after([deleted(103, 102)], room).unread, 80, "it came and went without us");
  const behind = after([posted(103, message(103)), { type: "chat.at", body: { as_of: 104 } }], { ...room, behind: { revision: 100, after: 100, counted: false } });
  const caught = withCaughtUp(behind, { messages: [message(102), message(103)], deleted: ["m101", "m99"], more: false, revision: 105 });
  assert.equal(caught.unread, 81, "two came, and one of those that are here went");
  const many = after([snapshot({ messages: several(51, 100), more: true, read_up_to: 0, unread: 100 }, 100), deleted(101, 40), deleted(102, 60)]);
  assert.equal(many.unread, 100, "it was counted up to there, and there may be more");
  assert.equal(after([posted(103, message(101)), deleted(104, 101)], withRead(many, 100)).unread, 0);
});

test("what a snapshot does not bring back was deleted, whatever comes late", () => {
  const known = after([snapshot({ messages: several(1, 60) }, 60)]);
  const room = reduce(known, snapshot({ messages: several(15, 59).filter(({ number }) => number !== 30), more: true }, 62));
  assert.ok(room);
  assert.deepEqual([...room.gone].sort(), ["m30", "m60"]);
  assert.deepEqual(numbers(withPosted(room, message(60))).at(-1), 59);
  assert.deepEqual([...(reduce(known, snapshot({}, 62))?.gone ?? [])].length, 60);
});

test("older ones come before, and a late one leaves no hole above", () => {
  const room = after([snapshot({ messages: several(51, 100), more: true }, 100)]);
  const older = withOlder(room, { messages: several(1, 50), more: false });
  assert.deepEqual([numbers(older), older.more], [numbers({ messages: several(1, 100) }), false]);
  assert.deepEqual(numbers(withPosted(room, message(3)))[0], 51);
  const newest = withNewest(older, 20);
  assert.deepEqual([numbers(newest)[0], newest.more], [81, true]);
});

test("what is read is read on all pages, and never less", () => {
  const room = after([snapshot({ messages: several(1, 4), unread: 4 })]);
  assert.equal(withRead(room, 4).unread, 0);
  assert.equal(withRead(room, 2).unread, 2);
  assert.equal(withRead(withRead(room, 4), 2).readUpTo, 4);
  const long = after([snapshot({ messages: several(51, 100), more: true, unread: 70 }, 100)]);
  assert.equal(withRead(long, 10).unread, 70, "only the server knows what lies between");
  assert.equal(withRead(long, 60).unread, 40);
});
