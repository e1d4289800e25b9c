// Commands with exactly one reply each:
//
//   → {"type":"place.take","id":"c7","body":{…}}
//   ← {"type":"ok","re":"c7","body":{}}     or     {"type":"error","re":"c7","code":"stage.full","text":"…"}

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

/** For those who can do nothing about a refusal. Throws what is none. @param {unknown} error */
export function ignoreRefusal(error) {
  if (!(error instanceof Refusal)) throw error;
}

/**
 * @typedef {object} Pending  A command without its reply.
 * @property {(body: any) => void} resolve
 * @property {(refusal: Refusal) => void} reject
 * @property {ReturnType<typeof setTimeout>} deadline
 */

export class Commands {
  /** By id. @type {Map<string, Pending>} */
  #pending = new Map();
  #lastId = 0;

  /** Whether a reply is awaited. */
  get areAwaited() {
    return this.#pending.size > 0;
  }

  /**
   * Sends a command; resolves with the body of its `ok`, rejects with a Refusal.
   *
   * @param {WebSocket} line an open one
   * @param {string} type
   * @param {object} body
   * @param {number} deadline in milliseconds
   * @param {() => void} unanswered called when that has passed
   * @returns {Promise<any>}
   */
  send(line, type, body, deadline, unanswered) {
    return new Promise((resolve, reject) => {
      const id = this.tell(line, type, body);
      const timer = setTimeout(() => {
        this.#pending.delete(id);
        reject(new Refusal("timeout", ""));
        unanswered();
      }, deadline);
      this.#pending.set(id, { resolve, reject, deadline: timer });
    });
  }

  /** Sends a command whose reply nobody waits for. @param {WebSocket} line @param {string} type @param {object} body */
  tell(line, type, body = {}) {
    const id = `c${++this.#lastId}`;
    line.send(JSON.stringify({ type, id, body }));
    return id;
  }

  /** @param {any} reply an `ok` or an `error` */
  settle(reply) {
    const pending = this.#take(reply.re);
    if (reply.type === "ok") pending?.resolve(reply.body);
    else pending?.reject(new Refusal(reply.code, reply.text));
  }

  /** The line is gone, and the replies with it. */
  rejectAll() {
    for (const id of this.#pending.keys()) this.#take(id)?.reject(new Refusal("disconnected", ""));
  }

  /** @param {string} id */
  #take(id) {
    const pending = this.#pending.get(id);
    if (!pending) return undefined;
    this.#pending.delete(id);
    clearTimeout(pending.deadline);
    return pending;
  }
}
