// Watches over one PeerConnection: it has to connect in time, and to heal in time.

/** Milliseconds from the exchange of offer and answer until it has to be connected. */
const CONNECT_MS = 10_000;
/** Milliseconds that ICE may take to heal by itself before the connection is built anew. */
const HEAL_MS = 3_000;

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
