// How a PeerConnection comes about and stays: it is watched over, tried again, and the network may let nothing of it through.

/** Milliseconds from the exchange of offer and answer until it has to be connected. */
const CONNECT_MS = 10_000;
/** Milliseconds that ICE may take to heal by itself before the connection is built anew. */
const HEAL_MS = 3_000;

/** Over one connection: it has to connect in time, and to heal in time. */
export class Vigil {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /**
   * @param {RTCPeerConnection} connection
   * @param {{ connected: () => void, lost: () => void }} handlers  nothing is told after `lost`, or after the end
   */
  constructor(connection, handlers) {
    this.connection = connection;
    this.handlers = handlers;
    connection.onconnectionstatechange = () => this.#changed();
  }

  /** Offer and answer are exchanged. */
  exchanged() {
    if (this.connection.connectionState !== "connected") this.#within(CONNECT_MS);
  }

  end() {
    clearTimeout(this.#timer);
    this.connection.onconnectionstatechange = null;
  }

  #changed() {
    switch (this.connection.connectionState) {
      case "connected":
        clearTimeout(this.#timer);
        this.handlers.connected();
        break;
      case "disconnected":
        this.#within(HEAL_MS);
        break;
      case "failed":
        this.#lost();
        break;
    }
  }

  /** @param {number} ms */
  #within(ms) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#lost(), ms);
  }

  #lost() {
    this.end();
    this.handlers.lost();
  }
}

/** Milliseconds from the first exchange of offer and answer, however often it is tried in between. */
const THROUGH_MS = 10_000;

/** Whether media get through at all: a firewall or a VPN may let the page through, and no picture and no sound. */
export class Reach {
  isBlocked = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /** @param {() => void} changed */
  constructor(changed) {
    this.changed = changed;
  }

  /** Offer and answer are exchanged: now it is the network's turn. */
  expect() {
    this.#timer ??= setTimeout(() => this.#set(true), THROUGH_MS);
  }

  /** Media get through, or it is not the network that keeps them. */
  end() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#set(false);
  }

  /** @param {boolean} isBlocked */
  #set(isBlocked) {
    if (this.isBlocked === isBlocked) return;
    this.isBlocked = isBlocked;
    this.changed();
  }
}

/** Milliseconds of the first pause, and of the longest. */
const FIRST_MS = 250;
const LONGEST_MS = 5_000;

/** Tries again with growing pauses, or at once when somebody says that it is worth it. */
export class Patience {
  #attempts = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /** @param {() => void} again what to try */
  constructor(again) {
    this.again = again;
  }

  /** Try after a pause, twice as long each time, with jitter so that a full house does not come at once. */
  later() {
    clearTimeout(this.#timer);
    const longest = Math.min(LONGEST_MS, FIRST_MS * 2 ** this.#attempts++);
    this.#timer = setTimeout(this.again, longest * (0.5 + Math.random() / 2));
  }

  /** Try now: the reason to wait is gone. */
  now() {
    this.reset();
    this.again();
  }

  /** It worked, or it is no longer wanted. */
  reset() {
    clearTimeout(this.#timer);
    this.#attempts = 0;
  }
}
