// Why the server closed a line.
//
// It accepts every handshake, then says why it turns somebody away, then closes with one of these:
/** Close codes of the server. 4000 to 4999 are for applications: RFC 6455, 7.4.2. */
export const SIGNED_OUT = 4401;
export const FORBIDDEN = 4403;
/** Something that we sent is no command to the server. A new line may help, once: the mistake is in the page. */
export const NOT_UNDERSTOOD = 4400;
export const TOO_LARGE = 4413;

/**
 * Of a person who has this open too often, and only with this code: too much at once passes by itself. So may this: a
 * network that is back brings all handshakes at once that were given up while it was away.
 */
export const TOO_MANY = "too_many";
/** Refusals as TOO_MANY in a row that are believed. Before them lie some 4 to 8 seconds. */
export const TOO_MANY_BELIEVED = 5;

/** Whether the page has to be loaded again before it can go on. @param {number} code of a close */
export function isMisunderstanding(code) {
  return code === NOT_UNDERSTOOD || code === TOO_LARGE;
}
