// The queue as this page knows it: a pure function of what it was told.

/** @type {Queue} */
export const NOTHING_ASKED = { revision: null, requests: [], mine: null, mineAsOf: null };

/**
 * The queue after one notice more.
 *
 * @param {Queue} queue
 * @param {ModerationWire.AnyNotice} notice
 * @returns {Queue}
 */
export function reduce(queue, notice) {
  if (notice.type === "moderation.snapshot") {
    const revision = notice.revision ?? null;
    return { revision, mineAsOf: revision, ...notice.body };
  }
  if (notice.revision !== undefined && queue.revision !== null && notice.revision <= queue.revision) return queue;
  const revision = notice.revision ?? queue.revision;
  switch (notice.type) {
    case "requests.changed":
      return { ...queue, revision, requests: notice.body.requests };
    case "request.changed":
      // Sent after its transaction, as all notices are, so an older one may come behind a newer one.
      if (queue.mineAsOf !== null && notice.body.as_of < queue.mineAsOf) return queue;
      return { ...queue, revision, mine: notice.body.mine, mineAsOf: notice.body.as_of };
    default:
      return queue;
  }
}
