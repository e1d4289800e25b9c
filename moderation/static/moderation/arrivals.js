// Who came into the queue and who went, told once for all that happened in one moment.

/** Milliseconds: what happens within is one piece of news. */
const MOMENT_MS = 400;

/**
 * @typedef {object} Telling
 * @property {(key: string, values: Record<string, string | number>) => void} say  by the key of its words
 * @property {() => void} ring  somebody has come
 */

/**
 * @param {ModerationWire.Waiting[]} before
 * @param {ModerationWire.Waiting[]} now
 */
export function difference(before, now) {
  const had = new Set(before.map(({ request }) => request));
  const has = new Set(now.map(({ request }) => request));
  return {
    came: now.filter(({ request }) => !had.has(request)),
    went: before.filter(({ request }) => !has.has(request)),
  };
}

/**
 * The news of a moment as a sentence.
 *
 * @param {{ came: { name: string }[], went: { name: string }[] }} difference
 * @param {number} n  who wait now
 * @returns {[key: string, values: Record<string, string | number>] | null}
 */
export function news({ came, went }, n) {
  const [first] = came;
  if (came.length === 1 && first) return ["news-came", { name: first.name, n }];
  if (came.length) return ["news-many-came", { count: came.length, n }];
  const [gone] = went;
  if (went.length === 1 && gone) return ["news-went", { name: gone.name, n }];
  return went.length ? ["news-many-went", { count: went.length, n }] : null;
}

export class Arrivals {
  /** As it was when the moment began. @type {ModerationWire.Waiting[] | null} */
  #before = null;
  /** @type {ModerationWire.Waiting[]} */
  #now = [];
  /** Those whom this organizer put on screen or sent away: no news to them. @type {Set<string>} */
  #byMe = new Set();

  /** @param {Telling} telling */
  constructor(telling) {
    this.telling = telling;
  }

  /** @param {string} request */
  byMe(request) {
    this.#byMe.add(request);
  }

  /** It was refused: another did it, or nobody. @param {string} request */
  notByMe(request) {
    this.#byMe.delete(request);
  }

  /** @param {ModerationWire.Waiting[]} before @param {ModerationWire.Waiting[]} now */
  tell(before, now) {
    const { came, went } = difference(before, now);
    if (!came.length && !went.length) return;
    this.#now = now;
    if (came.length) this.telling.ring();
    if (this.#before) return;
    this.#before = before;
    setTimeout(() => this.#sumUp(), MOMENT_MS);
  }

  #sumUp() {
    const { came, went } = difference(this.#before ?? [], this.#now);
    this.#before = null;
    const unknown = went.filter(({ request }) => !this.#byMe.delete(request));
    const sentence = news({ came, went: unknown }, this.#now.length);
    if (sentence) this.telling.say(...sentence);
  }
}
