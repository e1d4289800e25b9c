// The wire as a page speaks it: commands with exactly one reply each, notices, and a line that heals by itself.
// Knows no DOM, so that it runs under node too.

import { FORBIDDEN, isMisunderstanding, SIGNED_OUT, TOO_MANY, TOO_MANY_BELIEVED } from "./wire/closing.js";
import { Commands, Refusal } from "./wire/commands.js";
import { Handshakes } from "./wire/handshakes.js";
import { Notices } from "./wire/notices.js";
import { CHECK_DEADLINE_MS, DEADLINE_MS, HURRY, LEISURE, patienceMs, pauseMs } from "./wire/pace.js";

export { FORBIDDEN, isMisunderstanding, NOT_UNDERSTOOD, SIGNED_OUT, TOO_LARGE } from "./wire/closing.js";
export { ignoreRefusal, Refusal } from "./wire/commands.js";
export { DEADLINE_MS } from "./wire/pace.js";

/** Told instead of a snapshot to whoever stands at the door: the line is good, and we are not inside. */
const OUTSIDE = "house.full";

/** Told when notices may have been lost on their way: what we show may be old. */
const CATCH_UP = "line.catch_up";

/** Of all lines of this page. */
const handshakes = new Handshakes();

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
  #commands = new Commands();
  /** @type {Notices} */
  #notices;
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
  #timesTooMany = 0;
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
    this.#notices = new Notices({
      tell: (notice) => this.handlers.notice(notice),
      askForSnapshot: () => this.#askForSnapshot(),
      settlesMs: handlers.settlesMs,
    });
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
    handshakes.leave(this);
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
    return this.#commands.send(line, type, body, deadline, () => {
      // Nobody answers: the line is dead, though the browser has not noticed.
      if (deadline >= DEADLINE_MS && this.#line === line) this.#lost(line);
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
    handshakes.enter(this, this.#hurries, () => this.#shakeHands());
  }

  #shakeHands() {
    const line = new WebSocket(new URL(this.path, location.origin.replace(/^http/, "ws")));
    this.#line = line;
    this.#farewell = { code: "", text: "" };
    this.#notices.begin();
    // A network that swallows the handshake would keep the browser waiting for minutes.
    this.#silence = setTimeout(() => this.#lost(line), this.#pace.handshakeMs);
    line.onopen = () => {
      handshakes.leave(this);
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
    if (hurries) handshakes.letPass(this);
    else handshakes.leave(this);
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
    this.#silence = setTimeout(() => this.#ask(), patienceMs(this.#pace));
  }

  /** Asks for a word of the server; without one the line is given up. */
  #ask() {
    const line = this.#line;
    if (line?.readyState !== WebSocket.OPEN || this.#isChecking) return;
    this.#isChecking = true;
    clearTimeout(this.#silence);
    // The server answers one command after the other, and may need longer for one that it has.
    const deadline = this.#commands.areAwaited ? DEADLINE_MS : this.check.deadline;
    this.#silence = setTimeout(() => this.renew(), deadline);
    if (this.check.ask) this.check.ask();
    else this.#commands.tell(line, this.check.type);
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
    this.#attempts = this.#timesTooMany = 0;
    if (message.type === CATCH_UP) {
      this.#catchUpLine();
      return;
    }
    this.#notices.take(message);
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
    this.#commands.settle(reply);
  }

  /** Notices may be missing, nobody knows which. The server tells its pages one after the other, so we ask at once. */
  #catchUpLine() {
    if (this.handlers.catchUp) this.handlers.catchUp();
    else if (this.check.type === "snapshot.get") this.#notices.catchUp();
  }

  #askForSnapshot() {
    const line = this.#line;
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
    if (this.#hurries) handshakes.goFirst(this);
    this.handlers.line?.(false);
    const { code: reason, text } = this.#farewell;
    if (this.#isFinal(code, reason) && !this.handlers.patient?.(reason)) {
      this.close();
      this.handlers.end?.({ code, reason, text });
      return;
    }
    this.#retry = setTimeout(() => this.#connect(), pauseMs(this.#pace, this.#attempts++));
  }

  /** @param {number} code @param {string} reason */
  #isFinal(code, reason) {
    if (reason === TOO_MANY) return ++this.#timesTooMany >= TOO_MANY_BELIEVED;
    if (isMisunderstanding(code)) {
      const again = this.#wasMisunderstood;
      this.#wasMisunderstood = true;
      return again;
    }
    return code === SIGNED_OUT || code === FORBIDDEN;
  }

  #drop() {
    clearTimeout(this.#silence);
    this.#notices.end();
    this.#isChecking = false;
    const line = this.#line;
    this.#line = null;
    this.#inside = false;
    if (line) {
      line.onopen = line.onmessage = line.onclose = null;
      line.close();
    }
    this.#commands.rejectAll();
  }
}
