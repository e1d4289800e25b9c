// One room of the chat as a page knows it: a pure function of what it was told and answered. All of it may come twice, and
// in another order: messages are known by their id, and what is deleted stays deleted.

/** Numbers. Whoever has missed more begins anew with the newest, and finds the rest by scrolling up. */
const FAR_BEHIND = 200;
/** Unread messages are counted up to here by the server: then there are so many, or more. */
const MOST_COUNTED = 100;
const NONE = /** @type {ReadonlySet<string>} */ (new Set());

/**
 * The room after one notice more.
 *
 * @param {ChatRoom | null} room
 * @param {ChatWire.AnyNotice} notice
 * @returns {ChatRoom | null}
 */
export function reduce(room, notice) {
  if (notice.type === "chat.snapshot") return withSnapshot(room, notice.body, notice.revision ?? null);
  // What comes before the first snapshot is in it.
  if (!room) return null;
  const revision = notice.revision === undefined ? room.revision : Math.max(notice.revision, room.revision ?? 0);
  switch (notice.type) {
    case "message.posted":
      return { ...withPosted(room, notice.body.message), revision, upTo: further(room, notice.body.message) };
    case "message.deleted":
      return { ...withDeleted(room, notice.body, (notice.revision ?? 0) > room.countedAt), revision };
    case "chat.muted":
      return { ...withMuted(room, notice.body), revision };
    case "chat.at":
      return notice.body.as_of > (room.revision ?? 0) ? doubted(room) : room;
    case "chat.read":
      return withRead(room, notice.body.read_up_to);
    default:
      return room;
  }
}

/** @param {ChatRoom | null} room @param {ChatWire.ChatSnapshot} body @param {number | null} revision @returns {ChatRoom} */
function withSnapshot(room, { me, messages, more, read_up_to, unread, muted_people }, revision) {
  const upTo = messages.at(-1)?.number ?? 0;
  const counted = { unread, hasMoreUnread: unread >= MOST_COUNTED, countedAt: revision ?? 0 };
  const fresh = { revision, upTo, me, messages, more, readUpTo: read_up_to, ...counted, mutedPeople: muted_people };
  const known = room?.messages ?? [];
  const from = messages[0]?.number;
  const gone = goneBefore(room, messages, more);
  // All that there is, or nothing to go on from.
  if (!room || !more || !known.length || from > room.upTo + FAR_BEHIND) return { ...fresh, gone, behind: null };
  const older = known.filter(({ number }) => number < from);
  return {
    ...fresh,
    messages: [...older, ...messages],
    more: older.length ? room.more : more,
    gone,
    behind: behindBy(room, true).behind,
  };
}

/**
 * What this page knew and what of it a snapshot does not bring back: it was deleted while nothing came here.
 *
 * @param {ChatRoom | null} room
 * @param {ChatWire.Message[]} messages
 * @param {boolean} more  of older ones the snapshot says nothing
 * @returns {ReadonlySet<string>}
 */
function goneBefore(room, messages, more) {
  const here = new Set(messages.map(({ id }) => id));
  const from = more ? (messages[0]?.number ?? 0) : 0;
  const missing = (room?.messages ?? []).filter(({ id, number }) => number >= from && !here.has(id));
  return missing.length ? new Set([...(room?.gone ?? NONE), ...missing.map(({ id }) => id)]) : (room?.gone ?? NONE);
}

/** Something may have happened that this page was not told. @param {ChatRoom} room */
export function doubted(room) {
  return behindBy(room, false);
}

/**
 * @param {ChatRoom} room
 * @param {boolean} counted  `unread` has it already
 * @returns {ChatRoom}
 */
function behindBy(room, counted) {
  const { revision, after } = room.behind ?? { revision: room.revision ?? 0, after: room.upTo };
  return { ...room, behind: { revision, after, counted: counted || (room.behind?.counted ?? false) } };
}

/**
 * A message that was stored: told, or answered. An answer says nothing of those before it, so it moves no `upTo`.
 *
 * @param {ChatRoom} room
 * @param {ChatWire.Message} message
 * @returns {ChatRoom}
 */
export function withPosted(room, message) {
  if (room.gone.has(message.id) || room.messages.some(({ id }) => id === message.id)) return room;
  return {
    ...room,
    messages: together(room, [message]),
    unread: room.unread + (isUnread(room, message) ? 1 : 0),
  };
}

/**
 * @param {ChatRoom} room
 * @param {ChatWire.MessageDeleted} deletion
 * @param {boolean} [isNews]  happened after `unread` was counted last
 * @returns {ChatRoom}
 */
export function withDeleted(room, { message, number, author }, isNews = true) {
  const wasCounted = isNews && number <= countedUpTo(room);
  return without(room, message, wasCounted && isUnread(room, { author: { person: author }, number }));
}

/**
 * @param {ChatRoom} room
 * @param {string} id
 * @param {boolean} wasUnread  if it is not here, which would say it
 * @returns {ChatRoom}
 */
function without(room, id, wasUnread) {
  if (room.gone.has(id)) return room;
  const message = room.messages.find((each) => each.id === id);
  const isOneLess = !room.hasMoreUnread && (message ? isUnread(room, message) : wasUnread);
  return {
    ...room,
    gone: new Set([...room.gone, id]),
    messages: message ? room.messages.filter((each) => each !== message) : room.messages,
    unread: Math.max(0, room.unread - (isOneLess ? 1 : 0)),
  };
}

/** The number up to which `unread` has all there is: not what was missed and is still to be asked for. @param {ChatRoom} room */
function countedUpTo({ behind, upTo }) {
  return behind && !behind.counted ? behind.after : upTo;
}

/** @param {ChatRoom} room @param {ChatWire.PersonMuted} muting @returns {ChatRoom} */
export function withMuted(room, { person, name, muted }) {
  const others = room.mutedPeople.filter((each) => each.person !== person);
  return {
    ...room,
    me: person === room.me.person ? { ...room.me, muted } : room.me,
    mutedPeople: muted && room.me.moderates ? [...others, { person, name }] : others,
  };
}

/** I have read up to there, here or on another page of mine. @param {ChatRoom} room @param {number} number @returns {ChatRoom} */
export function withRead(room, number) {
  if (number <= room.readUpTo) return room;
  const read = { ...room, readUpTo: number };
  if (number >= (room.messages.at(-1)?.number ?? 0)) return { ...read, unread: 0, hasMoreUnread: false };
  // Of what lies behind it and is not here, only the server knows how many there are.
  const isAllHere = !room.more || (room.messages[0]?.number ?? 0) <= number + 1;
  if (!isAllHere) return read;
  return { ...read, unread: room.messages.filter((each) => isUnread(read, each)).length, hasMoreUnread: false };
}

/** The answer to `chat.catch_up`. @param {ChatRoom} room @param {ChatWire.CaughtUp} body @returns {ChatRoom} */
export function withCaughtUp(room, { messages, deleted, more, revision }) {
  let caught = room;
  for (const id of deleted) caught = without(caught, id, false);
  const after = messages.at(-1)?.number ?? room.behind?.after ?? 0;
  const behind = more && room.behind ? { ...room.behind, revision, after } : null;
  for (const message of messages) caught = withPosted(caught, message);
  return {
    ...caught,
    unread: room.behind?.counted ? room.unread : caught.unread,
    behind,
    upTo: Math.max(after, room.upTo),
    revision: behind ? room.revision : Math.max(revision, room.revision ?? 0),
  };
}

/** The answer to `messages.older`. @param {ChatRoom} room @param {ChatWire.Older} body @returns {ChatRoom} */
export function withOlder(room, { messages, more }) {
  return { ...room, messages: together({ ...room, more: false }, messages), more };
}

/** The newest alone; the others are fetched again when somebody scrolls there. @param {ChatRoom} room @param {number} most @returns {ChatRoom} */
export function withNewest(room, most) {
  return room.messages.length > most ? { ...room, messages: room.messages.slice(-most), more: true } : room;
}

/**
 * In order, each once. What is older than all that is here, while there are older ones yet, would leave a hole.
 *
 * @param {ChatRoom} room
 * @param {ChatWire.Message[]} more
 */
function together({ messages, gone, more: hasOlder }, more) {
  const here = new Set(messages.map(({ id }) => id));
  const from = hasOlder ? (messages[0]?.number ?? 0) : 0;
  const added = more.filter(({ id, number }) => number >= from && !here.has(id) && !gone.has(id));
  return added.length ? [...messages, ...added].sort((one, other) => one.number - other.number) : messages;
}

/** @param {ChatRoom} room @param {ChatWire.Message} message */
function further({ upTo }, { number }) {
  return Math.max(upTo, number);
}

/** @param {ChatRoom} room @param {{ author: Pick<ChatWire.Author, "person">, number: number }} message */
function isUnread(room, { author, number }) {
  return author.person !== room.me.person && number > room.readUpTo;
}
