// Messages of mine that wait for the server's word: each stays until the server has it, or its author takes it back.

import { Refusal } from "../backstage/protocol.js";

/** Five in five seconds may be sent, by the server's count: a queue that comes back with the line keeps to it. */
const AT_ONCE = 5;
const PAUSE_MS = 5_200;

/** @param {string} text @param {number} now @param {string} [client_id] @param {number[]} [mentions]  whom its author chose @returns {Unsent} */
export function written(text, now, client_id = newId(), mentions = []) {
  return { client_id, text, mentions, at: now, refusal: "", reason: "", notBefore: 0 };
}

/**
 * The queue without what the server has.
 *
 * @param {Unsent[]} queue
 * @param {ChatWire.Message[]} messages
 * @param {number} me
 */
export function without(queue, messages, me) {
  if (!queue.length) return queue;
  const stored = new Set(messages.filter(({ author }) => author.person === me).map(({ client_id }) => client_id));
  return queue.some(({ client_id }) => stored.has(client_id))
    ? queue.filter(({ client_id }) => !stored.has(client_id))
    : queue;
}

/**
 * The queue after a message was not taken. Where the line is at fault nothing is said: it is sent again with the next line;
 * nor where the server had no time for it: it is sent again soon.
 *
 * @param {Unsent[]} queue
 * @param {string} client_id
 * @param {unknown} error
 * @param {number} now
 */
export function refused(queue, client_id, error, now) {
  if (!(error instanceof Refusal)) throw error;
  if (isLost(error) || isSlow(error)) return queue;
  // It had been stored, and was deleted before this page knew.
  if (error.code === "message.gone") return queue.filter((each) => each.client_id !== client_id);
  const notBefore = error.code.endsWith("too_fast") ? now + PAUSE_MS : 0;
  return changed(queue, client_id, { refusal: error.code, reason: error.text, notBefore });
}

/** Being sent again. @param {Unsent[]} queue @param {string} client_id */
export function again(queue, client_id) {
  return changed(queue, client_id, { refusal: "", reason: "", notBefore: 0 });
}

/** @param {Unsent[]} queue @param {string} client_id @param {Partial<Unsent>} change */
function changed(queue, client_id, change) {
  return queue.map((each) => (each.client_id === client_id ? { ...each, ...change } : each));
}

/** Milliseconds until the one at this place of the queue is sent, of those that are sent with a new line. @param {number} place  from 0 */
export function pause(place) {
  return Math.floor(place / AT_ONCE) * PAUSE_MS;
}

/** The line did not carry it: whether the server has it nobody knows. @param {Refusal} error */
export function isLost({ code, text }) {
  return code === "disconnected" || (code === "timeout" && !text);
}

/** The server took too long, and says so over a line that lives: whether it has it nobody knows. @param {Refusal} error */
export function isSlow({ code, text }) {
  return code === "timeout" && Boolean(text);
}

/** What a tab remembers, whoever wrote it there. @param {unknown} found @returns {Unsent[]} */
export function remembered(found) {
  if (!Array.isArray(found)) return [];
  return found
    .filter((each) => typeof each?.client_id === "string" && typeof each.text === "string")
    .map(({ client_id, text, mentions, at, refusal, reason }) => ({
      ...written(text, Number(at) || 0, client_id, Array.isArray(mentions) ? mentions.filter(Number.isInteger) : []),
      refusal: String(refusal ?? ""),
      reason: String(reason ?? ""),
    }));
}

/** A UUID of version 4, also on a page that is not secure, where browsers have no word for it. */
function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
