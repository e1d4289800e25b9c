// What stands in the list: days, and under each its messages; those that follow one another of one author are one block.

import { dayLabel, dayOf } from "./times.js";

/** Milliseconds between two messages of one block. */
const BLOCK_MS = 5 * 60_000;

/**
 * @param {{ messages: ChatWire.Message[] }} room
 * @param {Unsent[]} unsent
 * @param {ChatAuthor} me
 * @param {number} now
 * @param {string} [locale]
 * @returns {ChatRow[]}
 */
export function rowsOf(room, unsent, me, now, locale) {
  const { messages } = room;
  /** @type {ChatMessageRow[]} */
  const said = [...messages.map((message) => stored(message, me.person)), ...unsent.map((each) => waiting(each, me))];
  /** @type {ChatRow[]} */
  const rows = [];
  /** @type {ChatMessageRow | null} */
  let before = null;
  for (const row of said) {
    const day = dayOf(row.at);
    const isNewDay = !before || dayOf(before.at) !== day;
    if (isNewDay) rows.push({ kind: "day", key: `day-${day}`, label: dayLabel(row.at, now, locale) });
    row.grouped = !isNewDay && before !== null && isSame(before, row) && row.at - before.at < BLOCK_MS;
    rows.push(row);
    before = row;
  }
  return rows;
}

/** @param {ChatWire.Message} message @param {number} me @returns {ChatMessageRow} */
function stored(message, me) {
  const { author, text, mentions } = message;
  const mine = author.person === me;
  return {
    kind: "message",
    key: mine ? message.client_id : message.id,
    author,
    text,
    mentions,
    at: Date.parse(message.at),
    grouped: false,
    mine,
    mentionsMe: !mine && mentions.some(({ person }) => person === me),
    message,
    unsent: null,
  };
}

/** @param {Unsent} unsent @param {ChatAuthor} me @returns {ChatMessageRow} */
function waiting(unsent, { name, photo, colour }) {
  return {
    kind: "message",
    key: unsent.client_id,
    author: { name, photo, colour, role: "" },
    text: unsent.text,
    mentions: [],
    at: unsent.at,
    grouped: false,
    mine: true,
    mentionsMe: false,
    message: null,
    unsent,
  };
}

/** @param {ChatMessageRow} one @param {ChatMessageRow} other */
function isSame(one, other) {
  if (one.mine || other.mine) return one.mine && other.mine;
  return one.message?.author.person === other.message?.author.person && one.author.name === other.author.name;
}
