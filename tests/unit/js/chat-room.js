// Messages and snapshots for the tests of the chat. I am person 1.

/** @param {number} number @param {{ author?: number, name?: string, text?: string, at?: string, client_id?: string, mentions?: any[] }} [changed] @returns {any} */
export function message(number, { author = 2, name = `Person ${author}`, text = `Text ${number}`, at, client_id, mentions } = {}) {
  return {
    id: `m${number}`,
    number,
    client_id: client_id ?? `c${number}`,
    author: { person: author, name, photo: null, colour: 0, role: "" },
    text,
    at: at ?? new Date(Date.UTC(2026, 10, 25, 12, 0, number)).toISOString(),
    seen_at: null,
    mentions: mentions ?? [],
  };
}

/** Of that message. @param {number} number @param {number} [author] @returns {any} */
export function deletion(number, author = 2) {
  return { message: `m${number}`, number, author };
}

/** @param {any} [changed] @param {number} [revision] @returns {any} */
export function snapshot({ me = {}, ...changed } = {}, revision = 1) {
  const body = {
    me: { person: 1, moderates: false, muted: false, ...me },
    messages: [],
    more: false,
    read_up_to: 0,
    unread: 0,
    muted_people: [],
    now: new Date().toISOString(),
    ...changed,
  };
  return { type: "chat.snapshot", revision, body };
}
