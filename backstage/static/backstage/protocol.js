// The wire as a page speaks it: commands with exactly one reply each, notices, and a line that heals by itself.
// Knows no DOM, so that it runs under node too.
//
//   → {"type":"place.take","id":"c7","body":{…}}
//   ← {"type":"ok","re":"c7","body":{}}     or     {"type":"error","re":"c7","code":"stage.full","text":"…"}
//   ← {"type":"tiles.changed","revision":42,"body":{…}}
//
// The server accepts every handshake, then says why it turns somebody away, then closes with one of these:
/** Close codes of the server. 4000 to 4999 are for applications: RFC 6455, 7.4.2. */
export const SIGNED_OUT = 4401;
export const FORBIDDEN = 4403;
/** Something that we sent is no command to the server. A new line may help, once: the mistake is in the page. */
export const NOT_UNDERSTOOD = 4400;
/** Of a person who has this open too often, and only with this code: too much at once passes by itself. */
const TOO_MANY = "too_many";
export const TOO_LARGE = 4413;

/** Told instead of a snapshot to whoever stands at the door: the line is good, and we are not inside. */
const OUTSIDE = "house.full";

/** Told when notices may have been lost on their way: what we show may be old. */
const CATCH_UP = "line.catch_up";

const FIRST_RETRY_MS = 300;
const LONGEST_RETRY_MS = 5_000;
/** The server answers within 10 s whatever happens; a command older than this was lost, and the line with it. */
export const DEADLINE_MS = 12_000;
/**
 * A line that died without a word (a router forgot it, the computer slept) looks like one on which nothing happens. So
 * after a silence of this length the server is asked for a word; from this up to so much more, so that an audience
 * does not ask in one moment.
 */
const SILENCE_MS = 25_000;
const MORE_SILENCE_MS = 10_000;
const CHECK_DEADLINE_MS = 5_000;
/**
 * For whoever has something that is kept for a minute only: a dead line is noticed within some 20 s, and a network that
 * is back is found within 6 s, however it swallowed what was tried before. The server speaks every 10 s.
 */
const HURRY = { longestRetryMs: 1_500, handshakeMs: 4_000, silenceMs: 12_000, moreSilenceMs: 2_000 };
const LEISURE = {
  longestRetryMs: LONGEST_RETRY_MS,
  handshakeMs: DEADLINE_MS,
  silenceMs: SILENCE_MS,
  moreSilenceMs: MORE_SILENCE_MS,
};

/**
 * Lines that hurry and are down. A browser shakes one hand of a host at a time, so another line's that is swallowed would
 * keep these waiting: the others let them go first.
 *
 * @type {Set<Socket>}
 */
const urgent = new Set();
const LET_GO_FIRST_MS = 500;

/** What a command is rejected with. */
export class Refusal extends Error {
  /**
   * @param {string} code stable and dotted (`stage.full`); `disconnected` and `timeout` are the page's own
   * @param {string} text the server's sentence for the person; empty for the page's own codes
   */
  constructor(code, text) {
    super(`${code}: ${text}`);
    this.name = "Refusal";
    this.code = code;
    this.text = text;
  }
}

/**
 * @typedef {object} Incoming  A notice as it arrives.
 * @property {string} type
 * @property {number} [revision]  one more with each notice of which none may be missed
 * @property {any} body
 */

/**
 * @typedef {object} Pending  A command without its reply.
 * @property {(body: any) => void} resolve
 * @property {(refusal: Refusal) => void} reject
 * @property {ReturnType<typeof setTimeout>} deadline
 */

/**
 * @typedef {object} Handlers
 * @property {(notice: any) => void} notice  each notice, in order, none twice
 * @property {(up: boolean) => void} [line]  the line is there (again), or lost
 * @property {(end: { code: number, reason: string, text: string }) => void} [end]
 *   turned away for good: the close code, and the server's code and sentence if it gave any
 * @property {() => void} [catchUp]  notices may have been lost: ask for what came since; without it a snapshot is asked for
 * @property {(reason: string) => boolean} [patient]
 *   whether to try again although turned away with this code of the server
 * @property {number} [settlesMs]
 *   milliseconds that a gap is given to close by itself: notices of several processes overtake one another
 */

/**
 * @typedef {object} Check  How to ask whether the line lives. Any message of the server says yes.
 * @property {string} type  a command that the server answers at once, be it with `unknown_command`
 * @property {number} deadline  in milliseconds
 * @property {() => void} [ask]  sends a command of its own instead
 */

export class Socket {
  /** @type {WebSocket | null} */
  #line = null;
  /** @type {Map<string, Pending>} */
  #pending = new Map();
  #lastId = 0;
  /** Of the last notice that was passed on; null until one carried a number. @type {number | null} */
  #revision = null;
  /**
   * Numbered notices that wait for a snapshot which is on its way: the server lets us into the group, then reads the
   * snapshot, so a notice may overtake it. Null while no snapshot is awaited.
   * @type {Incoming[] | null}
   */
  #early = null;
  /** Numbered notices that came before one that is missing. @type {Incoming[]} */
  #ahead = [];
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #settling;
  #attempts = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #retry;
  /**
   * Until a word is asked for, or the one that was asked for has to be here.
   * @type {ReturnType<typeof setTimeout> | undefined}
   */
  #silence;
  #isChecking = false;
  #closed = false;
  #hurries = false;
  #wasMisunderstood = false;
  /** What the server said before it closed. */
  #farewell = { code: "", text: "" };
  /** The server has let this line in: it has told us something. */
  #inside = false;
  /** @type {Set<() => void>} */
  #entrants = new Set();
  // Another network, or a computer that woke up: the line may be gone, and nobody has told the browser.
  #onOnline = () => this.#makeSure();
  #onVisible = () => {
    if (document.visibilityState === "visible") this.#makeSure();
  };

  /**
   * @param {string} path of the socket on this server: `/ws/backstage/TOKEN/`
   * @param {Handlers} handlers
   * @param {Check} [check]  a snapshot, if nothing else is said: it also mends a notice that was lost in the silence
   */
  constructor(path, handlers, check = { type: "snapshot.get", deadline: CHECK_DEADLINE_MS }) {
    this.path = path;
    this.handlers = handlers;
    this.check = check;
  }

  get isUp() {
    return this.#line?.readyState === WebSocket.OPEN;
  }

  open() {
    if (typeof addEventListener === "function") {
      addEventListener("online", this.#onOnline);
      addEventListener("visibilitychange", this.#onVisible);
    }
    this.#connect();
    return this;
  }

  /** Ends the line for good. Commands without a reply are rejected. */
  close() {
    this.#closed = true;
    urgent.delete(this);
    clearTimeout(this.#retry);
    if (typeof removeEventListener === "function") {
      removeEventListener("online", this.#onOnline);
      removeEventListener("visibilitychange", this.#onVisible);
    }
    this.#drop();
  }

  /** Ends this line and comes in anew, at once. */
  renew() {
    if (this.#closed) return;
    clearTimeout(this.#retry);
    this.#drop();
    this.handlers.line?.(false);
    this.#connect();
  }

  /**
   * Sends a command; resolves with the body of its `ok`, rejects with a Refusal.
   *
   * @template [T=any]
   * @param {keyof BackstageWire.Commands | keyof ModerationWire.Commands | keyof ChatWire.Commands} type
   * @param {object} [body]
   * @param {number} [deadline] in milliseconds
   * @returns {Promise<T>}
   */
  command(type, body = {}, deadline = DEADLINE_MS) {
    const line = this.#line;
    if (!line || line.readyState !== WebSocket.OPEN) return Promise.reject(new Refusal("disconnected", ""));
    const id = `c${++this.#lastId}`;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#pending.delete(id);
        reject(new Refusal("timeout", ""));
        // Nobody answers: the line is dead, though the browser has not noticed.
        if (deadline >= DEADLINE_MS && this.#line === line) this.#lost(line);
      }, deadline);
      this.#pending.set(id, { resolve, reject, deadline: timer });
      line.send(JSON.stringify({ type, id, body }));
    });
  }

  /**
   * Resolves once the server has let us in (again), so that what a person wants right after opening the page, or while
   * the line is lost for a second, is done and not refused.
   *
   * @param {number} [deadline] in milliseconds; rejects with `disconnected` then
   * @returns {Promise<void>}
   */
  whenInside(deadline = DEADLINE_MS) {
    if (this.#inside) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const enter = () => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        this.#entrants.delete(enter);
        reject(new Refusal("disconnected", ""));
      }, deadline);
      this.#entrants.add(enter);
    });
  }

  #connect() {
    if (urgent.size && !this.#hurries) {
      this.#retry = setTimeout(() => this.#connect(), LET_GO_FIRST_MS);
      return;
    }
    const line = new WebSocket(new URL(this.path, location.origin.replace(/^http/, "ws")));
    this.#line = line;
    this.#farewell = { code: "", text: "" };
    // The first snapshot of a line sets the count.
    this.#early = [];
    this.#revision = null;
    // A network that swallows the handshake would keep the browser waiting for minutes.
    this.#silence = setTimeout(() => this.#lost(line), this.#pace.handshakeMs);
    line.onopen = () => {
      urgent.delete(this);
      this.#heard();
      this.handlers.line?.(true);
    };
    line.onmessage = (message) => {
      if (this.#line !== line) return;
      this.#heard();
      this.#receive(JSON.parse(message.data));
    };
    line.onclose = (close) => {
      if (this.#line === line) this.#lost(line, close.code);
    };
  }

  /** Whether something is lost for good if this line is not back soon. */
  get hurries() {
    return this.#hurries;
  }

  set hurries(hurries) {
    if (hurries === this.#hurries) return;
    this.#hurries = hurries;
    if (!hurries) urgent.delete(this);
    // From now on, not from the next word on.
    if (this.isUp && !this.#isChecking) this.#heard();
  }

  get #pace() {
    return this.#hurries ? HURRY : LEISURE;
  }

  /** The line lives. */
  #heard() {
    clearTimeout(this.#silence);
    this.#isChecking = false;
    const { silenceMs, moreSilenceMs } = this.#pace;
    this.#silence = setTimeout(() => this.#ask(), silenceMs + Math.random() * moreSilenceMs);
  }

  /** Asks for a word of the server; without one the line is given up. */
  #ask() {
    const line = this.#line;
    if (line?.readyState !== WebSocket.OPEN || this.#isChecking) return;
    this.#isChecking = true;
    clearTimeout(this.#silence);
    // The server answers one command after the other, and may need longer for one that it has.
    const deadline = this.#pending.size ? DEADLINE_MS : this.check.deadline;
    this.#silence = setTimeout(() => this.renew(), deadline);
    if (this.check.ask) this.check.ask();
    else line.send(JSON.stringify({ type: this.check.type, id: `c${++this.#lastId}`, body: {} }));
  }

  /** There is a reason to doubt the line: a dead one is replaced, a quiet one asked. */
  #makeSure() {
    if (this.isUp) this.#ask();
    else this.renew();
  }

  /** @param {any} message */
  #receive(message) {
    if (message.type === "ok" || message.type === "error") {
      this.#settle(message);
      return;
    }
    // Being told anything proves that we are inside; a line that only opens and is closed again does not.
    this.#attempts = 0;
    if (message.type === CATCH_UP) {
      this.#catchUpLine();
      return;
    }
    this.#take(message);
    if (message.type === OUTSIDE) return;
    this.#inside = true;
    for (const enter of this.#entrants) enter();
    this.#entrants.clear();
  }

  /** @param {any} reply */
  #settle(reply) {
    if (reply.re === null || reply.re === undefined) {
      this.#farewell = { code: reply.code, text: reply.text };
      return;
    }
    const pending = this.#pending.get(reply.re);
    if (!pending) return;
    this.#pending.delete(reply.re);
    clearTimeout(pending.deadline);
    if (reply.type === "ok") pending.resolve(reply.body);
    else pending.reject(new Refusal(reply.code, reply.text));
  }

  /** @param {Incoming} notice */
  #take(notice) {
    const { revision } = notice;
    if (isSnapshot(notice.type)) {
      // Asked for in a silence that ended meanwhile.
      if (revision !== undefined && this.#revision !== null && revision < this.#revision) return;
      const early = [...(this.#early ?? []), ...this.#settled()];
      this.#early = null;
      this.#revision = revision ?? null;
      this.handlers.notice(notice);
      for (const waiting of early) this.#take(waiting);
      return;
    }
    if (revision !== undefined) {
      if (this.#early) {
        this.#early.push(notice);
        return;
      }
      if (this.#revision !== null && revision <= this.#revision) return;
      if (this.#revision !== null && revision > this.#revision + 1) {
        this.#onGap(notice);
        return;
      }
      this.#revision = revision;
    }
    this.handlers.notice(notice);
    // It may be the one that those before it waited for.
    if (revision !== undefined && this.#ahead.length) for (const ahead of this.#settled()) this.#take(ahead);
  }

  /** @param {Incoming} notice */
  #onGap(notice) {
    const { settlesMs } = this.handlers;
    if (!settlesMs) {
      this.#askForSnapshot([notice]);
      return;
    }
    this.#ahead.push(notice);
    this.#settling ??= setTimeout(() => this.#askForSnapshot(this.#settled()), settlesMs);
  }

  /** What came before its turn, in order. */
  #settled() {
    clearTimeout(this.#settling);
    this.#settling = undefined;
    const ahead = this.#ahead.sort((one, other) => (one.revision ?? 0) - (other.revision ?? 0));
    this.#ahead = [];
    return ahead;
  }

  /** Notices may be missing, nobody knows which. The server tells its pages one after the other, so we ask at once. */
  #catchUpLine() {
    if (this.handlers.catchUp) this.handlers.catchUp();
    else if (this.check.type === "snapshot.get") this.#askForSnapshot([...(this.#early ?? []), ...this.#settled()]);
  }

  /** What was missed is in it. @param {Incoming[]} early numbered notices that have to wait for it */
  #askForSnapshot(early) {
    const line = this.#line;
    this.#early = early;
    this.command("snapshot.get").catch(() => {
      // Without it the notice would be lost. A new line brings a snapshot of its own.
      if (line && this.#line === line) this.#lost(line);
    });
  }

  /** @param {WebSocket} line @param {number} [code] */
  #lost(line, code = 1006) {
    const wasOpen = this.#line === line;
    this.#drop();
    if (!wasOpen || this.#closed) return;
    if (this.#hurries) urgent.add(this);
    this.handlers.line?.(false);
    const { code: reason, text } = this.#farewell;
    if ((this.#isFinal(code) || reason === TOO_MANY) && !this.handlers.patient?.(reason)) {
      this.close();
      this.handlers.end?.({ code, reason, text });
      return;
    }
    const longest = Math.min(this.#pace.longestRetryMs, FIRST_RETRY_MS * 2 ** this.#attempts++);
    // Between half and all of it, so that a full house does not come back in one moment.
    this.#retry = setTimeout(() => this.#connect(), longest * (0.5 + Math.random() / 2));
  }

  /** @param {number} code */
  #isFinal(code) {
    if (isMisunderstanding(code)) {
      const again = this.#wasMisunderstood;
      this.#wasMisunderstood = true;
      return again;
    }
    return code === SIGNED_OUT || code === FORBIDDEN;
  }

  #drop() {
    clearTimeout(this.#silence);
    this.#settled();
    this.#isChecking = false;
    const line = this.#line;
    this.#line = null;
    this.#inside = false;
    if (line) {
      line.onopen = line.onmessage = line.onclose = null;
      line.close();
    }
    for (const [id, pending] of this.#pending) {
      this.#pending.delete(id);
      clearTimeout(pending.deadline);
      pending.reject(new Refusal("disconnected", ""));
    }
  }
}

/** Whether the page has to be loaded again before it can go on. @param {number} code of a close */
export function isMisunderstanding(code) {
  return code === NOT_UNDERSTOOD || code === TOO_LARGE;
}

/** @param {string} type */
function isSnapshot(type) {
  return type.endsWith(".snapshot");
}
