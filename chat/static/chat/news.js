// What a screen reader is told of messages that arrive: a few are read out, many are counted.

/** So many at once are read out. */
const FEW = 3;
/** Milliseconds that are collected before anything is said, and at least between one word and the next. */
const COLLECTED_MS = 1_000;
const BETWEEN_MS = 5_000;
/** Of a chat that is not shown: that something is there is said from time to time. */
const BETWEEN_HIDDEN_MS = 30_000;
/** Characters: a long message is begun, and read in the list. */
const BEGUN = 160;

/** @typedef {{ id: string, name: string, text: string, mentionsMe: boolean }} Heard */
/** @typedef {[key: string, values: Record<string, string | number>, id?: string]} Sentence  with that of a message which is read out */

/**
 * @param {Heard[]} heard
 * @param {boolean} shown  whether the list can be seen
 * @returns {Sentence[]}
 */
export function newsOf(heard, shown) {
  const toMe = heard.filter(({ mentionsMe }) => mentionsMe);
  if (shown && heard.length <= FEW) return heard.map(spoken);
  const count = /** @type {Sentence[]} */ (heard.length ? [[heard.length === 1 ? "chat-said-one" : "chat-said-many", { n: heard.length }]] : []);
  return [...toMe.slice(0, FEW).map(spoken), ...(toMe.length === heard.length && toMe.length <= FEW ? [] : count)];
}

/** @param {Heard} message @returns {Sentence} */
function spoken({ id, name, text, mentionsMe }) {
  const signs = [...text];
  const begun = signs.length > BEGUN ? `${signs.slice(0, BEGUN).join("")}…` : text;
  return [mentionsMe ? "chat-said-mention" : "chat-said-message", { name, text: begun }, id];
}

export class News {
  /** @type {Heard[]} */
  #heard = [];
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #due = Infinity;
  #saidAt = -Infinity;

  /**
   * @param {(sentences: Sentence[]) => void} say
   * @param {() => boolean} isShown
   * @param {(id: string) => boolean} isGone  whether a message has been deleted since it was heard
   * @param {() => number} [now]  milliseconds
   */
  constructor(say, isShown, isGone, now = () => performance.now()) {
    this.say = say;
    this.isShown = isShown;
    this.isGone = isGone;
    this.now = now;
  }

  /** @param {Heard} message */
  hear(message) {
    this.#heard.push(message);
    const between = this.isShown() || message.mentionsMe ? BETWEEN_MS : BETWEEN_HIDDEN_MS;
    const due = Math.max(this.now() + COLLECTED_MS, this.#saidAt + between);
    // A mention does not wait as long as what was heard before it, and keeps nothing waiting.
    if (due >= this.#due) return;
    this.#due = due;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#tell(), due - this.now());
  }

  #tell() {
    this.#due = Infinity;
    const heard = this.#heard.filter(({ id }) => !this.isGone(id));
    this.#heard = [];
    if (!heard.length) return;
    this.#saidAt = this.now();
    this.say(newsOf(heard, this.isShown()));
  }
}
