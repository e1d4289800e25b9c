// The Moderation panel: the waiting people in order. One click on a photo, and that person is on screen.

import { copyOf, find, words, write } from "../backstage/page.js";
import { Socket } from "../backstage/protocol.js";
import { SLOTS } from "../backstage/slots.js";
import { draw } from "../backstage/views/person.js";
import { opensMenu } from "../backstage/views/menu.js";
import { tell } from "../backstage/views/waits.js";

export class Panel {
  /** By request: an element stays the same while its person waits. @type {Map<string, HTMLElement>} */
  #people = new Map();
  /** Requests that are being accepted or declined. @type {Set<string>} */
  #pending = new Set();
  /** @type {ModerationWire.Waiting[]} */
  #requests = [];
  #taken = 0;

  /** @param {Socket} socket */
  constructor(socket) {
    this.socket = socket;
    this.list = find("#waiting-people");
  }

  /** @param {ModerationWire.Waiting[]} requests @param {number} taken  places on screen */
  render(requests, taken) {
    this.#requests = requests;
    this.#taken = taken;
    this.#dropGone();
    requests.forEach((waiting, index) => {
      const person = this.#people.get(waiting.request) ?? this.#add(waiting);
      if (this.list.children[index] !== person) this.list.insertBefore(person, this.list.children[index] ?? null);
      this.#draw(person, waiting);
    });
    write(find("#waiting-count"), this.#heading());
    find("#nobody-waits").hidden = requests.length > 0;
  }

  #dropGone() {
    const here = new Set(this.#requests.map(({ request }) => request));
    for (const [request, person] of this.#people) {
      if (here.has(request)) continue;
      const next = person.nextElementSibling ?? person.previousElementSibling;
      // A photo that was pressed is disabled while it waits, and has lost the focus by that.
      const focused = document.activeElement;
      const lostFocus = person.contains(focused) || (this.#pending.has(request) && focused === document.body);
      person.remove();
      this.#people.delete(request);
      this.#pending.delete(request);
      // The keyboard stays in the queue.
      const photo = /** @type {HTMLElement | null | undefined} */ (next?.querySelector("button:enabled"));
      if (lostFocus) (photo ?? find("#moderation-title")).focus();
    }
  }

  #heading() {
    const n = this.#requests.length;
    const count = words(n ? "waiting-count" : "waiting-nobody", { n });
    return `${count} · ${words(`places-${Math.max(0, SLOTS.length - this.#taken)}`)}`;
  }

  /** @param {ModerationWire.Waiting} waiting */
  #add(waiting) {
    const { request, name } = waiting;
    const person = copyOf("waiting-person");
    const photo = find("[data-accept]", person);
    photo.setAttribute("aria-label", words("put-on-screen", { name }));
    photo.addEventListener("click", () => void this.#send(request, "request.accept"));
    const more = find("[data-more]", person);
    more.setAttribute("aria-label", words("more-for", { name }));
    opensMenu(more, () => [{ label: words("decline"), choose: () => void this.#send(request, "request.decline") }]);
    this.#people.set(request, person);
    return person;
  }

  /** @param {HTMLElement} person @param {ModerationWire.Waiting} waiting */
  #draw(person, waiting) {
    /** @type {HTMLButtonElement} */
    const photo = find("[data-accept]", person);
    const isPending = this.#pending.has(waiting.request);
    photo.disabled = isPending || this.#taken >= SLOTS.length;
    photo.setAttribute("aria-busy", String(isPending));
    draw(find(".avatar", photo), waiting);
    write(find(".waiting__name", person), waiting.name);
    const found = waiting.camera ? "ready" : waiting.microphone ? "microphone-only" : "no-devices";
    person.dataset.found = found;
    write(find(".waiting__found", person), words(found));
  }

  /** @param {string} request @param {"request.accept" | "request.decline"} type */
  async #send(request, type) {
    if (this.#pending.has(request)) return;
    this.#pending.add(request);
    this.render(this.#requests, this.#taken);
    try {
      await this.socket.command(type, { request });
    } catch (error) {
      this.#pending.delete(request);
      this.render(this.#requests, this.#taken);
      tell(error);
    }
  }
}
