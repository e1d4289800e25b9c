// The Moderation panel: the waiting people in order. One click on a photo, and that person is on screen.

import { find, words, write } from "../backstage/page.js";
import { Socket } from "../backstage/protocol.js";
import { SLOTS } from "../backstage/slots.js";
import { announce, complain } from "../backstage/views/announcer.js";
import { confirm } from "../backstage/views/confirm.js";
import { tell } from "../backstage/views/waits.js";
import { blockItem, muteItem } from "./acts.js";
import { Arrivals } from "./arrivals.js";
import { Chime } from "./chime.js";
import { askForWord } from "./decline-dialog.js";
import { CardDialog } from "./preflight-card.js";
import { WaitingPerson } from "./waiting-person.js";

/** @typedef {"request.accept" | "request.decline" | "request.remove"} Answer */

export class Panel {
  /** By request: an element stays the same while its person waits. @type {Map<string, WaitingPerson>} */
  #people = new Map();
  /** Requests that are being answered. @type {Set<string>} */
  #pending = new Set();
  /** @type {ModerationWire.Waiting[]} */
  #requests = [];
  #taken = 0;
  #offline = false;
  #chime = new Chime();
  #arrivals = new Arrivals({ say: (key, values) => announce(words(key, values)), ring: () => this.#chime.ring() });
  #card = new CardDialog();

  /** @param {Socket} socket */
  constructor(socket) {
    this.socket = socket;
    this.list = find("#waiting-people");
    // A wheel turns one way only; the list lies.
    this.list.addEventListener("wheel", (turn) => this.#scroll(turn), { passive: false });
    const toggle = find("#chime");
    const draw = () => toggle.setAttribute("aria-pressed", String(this.#chime.isOn));
    toggle.addEventListener("click", () => {
      this.#chime.turn(!this.#chime.isOn);
      draw();
    });
    draw();
  }

  /**
   * @param {ModerationWire.Waiting[]} requests
   * @param {number} taken  places on screen
   * @param {boolean} news  false: as the page found it
   */
  render(requests, taken, news) {
    if (news && requests !== this.#requests) this.#arrivals.tell(this.#requests, requests);
    this.#requests = requests;
    this.#taken = taken;
    this.#draw();
  }

  /** @param {boolean} up */
  line(up) {
    this.#offline = !up;
    this.#draw();
  }

  #draw() {
    const keep = this.#anchor();
    this.#dropGone();
    this.#requests.forEach((waiting, index) => {
      const person = this.#people.get(waiting.request) ?? this.#add(waiting);
      const there = this.list.children[index];
      if (there !== person.element) this.list.insertBefore(person.element, there ?? null);
      const state = this.#pending.has(waiting.request) ? "pending" : this.#reason();
      person.render(waiting, state);
    });
    keep();
    write(find("#waiting-count"), this.#heading());
    find("#nobody-waits").hidden = this.#requests.length > 0;
    this.#card.render(this.#requests);
  }

  #reason() {
    if (this.#offline) return "offline";
    return this.#taken >= SLOTS.length ? "full" : "free";
  }

  /** What is looked at stays where it is, though people before it go. Browsers do that for lists that stand only. */
  #anchor() {
    const { list } = this;
    if (list.scrollLeft === 0) return () => {};
    const from = list.getBoundingClientRect().left;
    const here = new Set(this.#requests.map(({ request }) => request));
    const first = [...this.#people].find(
      ([request, { element }]) => here.has(request) && element.getBoundingClientRect().left >= from,
    )?.[1].element;
    const before = first?.getBoundingClientRect().left ?? 0;
    return () => {
      if (first?.isConnected) list.scrollLeft += first.getBoundingClientRect().left - before;
    };
  }

  /** @param {WheelEvent} turn */
  #scroll(turn) {
    if (turn.deltaX || turn.ctrlKey || this.list.scrollWidth <= this.list.clientWidth) return;
    turn.preventDefault();
    this.list.scrollLeft += turn.deltaY;
  }

  #dropGone() {
    const here = new Set(this.#requests.map(({ request }) => request));
    for (const [request, { element, more }] of this.#people) {
      if (here.has(request)) continue;
      const next = element.nextElementSibling ?? element.previousElementSibling;
      // The menu of a person closes with them.
      const hadFocus = element.contains(document.activeElement) || more.ariaExpanded === "true";
      element.remove();
      this.#people.delete(request);
      this.#pending.delete(request);
      // The keyboard stays in the queue.
      const photo = /** @type {HTMLElement | null | undefined} */ (next?.querySelector("[data-accept]"));
      if (hadFocus) (photo ?? find("#moderation-title")).focus({ preventScroll: true });
    }
  }

  #heading() {
    const n = this.#requests.length;
    const count = words(n ? "waiting-count" : "waiting-nobody", { n });
    return `${count} · ${words(`places-${Math.max(0, SLOTS.length - this.#taken)}`)}`;
  }

  /** @param {ModerationWire.Waiting} waiting */
  #add({ request }) {
    const person = new WaitingPerson(request, {
      accept: ({ name }) => void this.#accept(request, name),
      decline: ({ name }) => void this.#decline(request, name),
      items: (waiting, more) => this.#items(waiting, more),
    });
    this.#people.set(request, person);
    return person;
  }

  /** @param {ModerationWire.Waiting} waiting @param {HTMLElement} more  the ⋯ button @returns {MenuItem[]} */
  #items(waiting, more) {
    const { request, name } = waiting;
    return [
      { label: words("decline"), choose: () => void this.#decline(request, name) },
      muteItem(this.socket, more, waiting),
      { label: words("details"), choose: () => this.#card.open(this.#newest(waiting)) },
      {
        label: words("remove"),
        note: words("remove-what-queue", { name }),
        choose: () => void this.#remove(request, name),
      },
      blockItem(this.socket, more, waiting),
    ];
  }

  /** @param {ModerationWire.Waiting} waiting */
  #newest(waiting) {
    return this.#requests.find(({ request }) => request === waiting.request) ?? waiting;
  }

  /** @param {string} request @param {string} name */
  async #accept(request, name) {
    const reason = this.#reason();
    if (this.#pending.has(request)) return;
    if (reason === "full") complain(words("full-for-waiting"));
    else await this.#send("request.accept", request, { request }, words("said-accepted", { name }));
  }

  /** @param {string} request @param {string} name */
  async #decline(request, name) {
    if (this.#pending.has(request)) return;
    const word = await askForWord(name);
    if (word === null) return;
    await this.#send("request.decline", request, { request, word }, words("said-declined", { name }));
  }

  /** Their turn is lost with it. @param {string} request @param {string} name */
  async #remove(request, name) {
    if (!(await confirm("dequeue", { name }))) return;
    await this.#send("request.remove", request, { request }, words("said-dequeued", { name }));
  }

  /** @param {Answer} type @param {string} request @param {object} body @param {string} done */
  async #send(type, request, body, done) {
    if (this.#pending.has(request)) return;
    this.#pending.add(request);
    this.#arrivals.byMe(request);
    this.#draw();
    try {
      await this.socket.command(type, body);
      announce(done);
    } catch (error) {
      this.#pending.delete(request);
      this.#arrivals.notByMe(request);
      this.#draw();
      tell(error);
    }
  }
}
