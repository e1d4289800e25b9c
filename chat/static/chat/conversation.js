// One room of the chat on a page: its line, its list, and the field below it.

import { find, words, write } from "../backstage/page.js";
import { Refusal } from "../backstage/protocol.js";
import { announce } from "../backstage/views/announcer.js";
import { confirm } from "../backstage/views/confirm.js";
import { opensMenu } from "../backstage/views/menu.js";
import { Composer } from "./composer.js";
import { ChatLine } from "./line.js";
import { MessageList } from "./message-list.js";
import { News } from "./news.js";
import { rowsOf } from "./rows.js";
import { isLost } from "./unsent.js";

/** Messages that stay in the page while the newest are followed, and how many may gather until then. */
const KEPT = 150;
const MOST = 300;
/** Milliseconds: until an author may no longer delete a message. */
const REGRET_MS = 5 * 60_000;
/** What time does: Today becomes Yesterday, and a message one's own for good. */
const TICK_MS = 15_000;
/** Milliseconds: a line that is back sooner was never missed. */
const MISSED_MS = 600;
const NOTICE_MS = 9_000;
/** Before the first word of the server. */
const NOTHING = { messages: [] };

/**
 * @typedef {object} ConversationHandlers
 * @property {() => void} changed  what is unread is another
 * @property {(end: { code: number, text: string }) => void} [end]  turned away for good
 * @property {(reason: string) => boolean} [patient]
 */

export class Conversation {
  #isShown = false;
  #isOpen = false;
  #hasEnded = false;
  #hasFailedToFetch = false;
  /** Messages that were read out, by id, where they stand. @type {Map<string, HTMLElement>} */
  #said = new Map();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #noticeTimer;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #missedTimer;
  #locale = document.documentElement.lang || "en";

  /** @param {HTMLElement} root  with the data of templates/chat/includes/conversation.html @param {ConversationHandlers} handlers */
  constructor(root, handlers) {
    this.root = root;
    this.handlers = handlers;
    const { chatSocket = "", chatStage = "" } = root.dataset;
    this.me = authorOf(root);
    this.line = new ChatLine(chatSocket, { person: this.me.person, stage: chatStage || null }, {
      changed: () => this.render(),
      arrived: (messages) => this.#arrived(messages),
      refused: () => announce(words("chat-said-not-sent")),
      end: (end) => this.#end(end),
      patient: handlers.patient,
    });
    this.news = new News(
      (sentences) => this.#say(sentences),
      () => this.isSeen,
      (id) => this.#isGone(id),
    );
    this.list = new MessageList(
      root,
      {
        items: (row) => this.#items(row),
        tryAgain: ({ key }) => this.line.tryAgain(key),
        discard: ({ key }) => this.line.discard(key),
        locale: this.#locale,
        me: this.me.person,
      },
      { moved: () => this.#read(), top: () => void this.#fetchOlder() },
    );
    this.composer = new Composer(root, `${this.line.memory}:typed`, {
      send: (text, mentions) => this.#send(text, mentions),
      find: (beginning) => this.line.find(beginning),
    });
    this.silenced = find(".chat__silenced", root);
    opensMenu(this.silenced, () =>
      (this.line.room?.mutedPeople ?? []).map(({ person, name }) => ({
        label: words("chat-allow-person", { name }),
        choose: () => void this.#mute(person, name, false),
      })),
    );
    find("[data-fetch-again]", root).addEventListener("click", () => {
      this.#hasFailedToFetch = false;
      void this.#fetchOlder();
    });
    document.addEventListener("visibilitychange", () => this.#read());
    setInterval(() => this.render(), TICK_MS);
    this.render();
  }

  open() {
    this.#isOpen = true;
    this.line.open();
  }

  /** For good: nothing of it stays in its place, nor where it was read out. What I have not sent is remembered. */
  close() {
    this.#hasEnded = true;
    this.line.close();
    this.root.replaceChildren();
    announce("");
    this.handlers.changed();
  }

  /** Messages of others that I have not read. */
  get unread() {
    return this.line.room?.unread ?? 0;
  }

  /** @param {boolean} isShown */
  show(isShown) {
    if (isShown === this.#isShown) return;
    this.#isShown = isShown;
    if (!isShown) return;
    if (this.list.isAtBottom) this.list.toBottom();
    this.composer.fit();
    this.#read();
  }

  get isSeen() {
    return this.#isShown && document.visibilityState === "visible";
  }

  render() {
    if (this.#hasEnded) return;
    const { room, unsent, isUp, isFetching } = this.line;
    this.#showState();
    this.#unsay();
    if (room && this.list.isAtBottom && room.messages.length > MOST) this.line.keepNewest(KEPT);
    const known = this.line.room;
    // What I have written is there before anything that others have.
    this.list.render(rowsOf(known ?? NOTHING, unsent, this.me, Date.now(), this.#locale));
    find(".chat__top", this.root).dataset.state = this.#topState(isFetching);
    this.root.dataset.empty = String(known !== null && known.messages.length + unsent.length === 0);
    this.#showMuted(Boolean(known?.me.muted));
    this.#showSilenced();
    this.#showLost(this.#isOpen && !isUp);
    this.#read();
    // So few that nobody can scroll up to them.
    if (this.list.isNearTop) void this.#fetchOlder();
    this.handlers.changed();
  }

  #showState() {
    const before = this.root.dataset.state;
    const { room, isClosed } = this.line;
    const state = isClosed ? "closed" : room ? "known" : "loading";
    if (state === before) return;
    this.root.dataset.state = state;
    if (before === "closed" && state === "known") announce(words("chat-said-opened"));
    if (before !== "known" || state !== "closed") return;
    announce(words("chat-said-closed"));
    // The field is gone.
    if (this.composer.form.contains(document.activeElement)) find(".chat__scroll", this.root).focus();
  }

  /** @param {boolean} isFetching @returns {"fetching" | "failed" | "more" | "all"} */
  #topState(isFetching) {
    if (isFetching) return "fetching";
    if (this.#hasFailedToFetch) return "failed";
    return this.line.room?.more ? "more" : "all";
  }

  /** By an organizer: the field gives its place to a sentence. @param {boolean} isMuted */
  #showMuted(isMuted) {
    const before = this.root.dataset.muted;
    if (before === String(isMuted)) return;
    const hadFocus = this.composer.form.contains(document.activeElement);
    this.root.dataset.muted = String(isMuted);
    if (before) this.root.dataset.allowed = String(!isMuted);
    if (before && this.#isShown) announce(words(isMuted ? "chat-said-you-are-muted" : "chat-said-you-may-write"));
    // The field is gone.
    if (isMuted && hadFocus) find(".chat__scroll", this.root).focus();
  }

  /** To organizers, also those of whom no message is left to be seen. */
  #showSilenced() {
    const n = this.line.room?.mutedPeople.length ?? 0;
    write(find("span", this.silenced), words("chat-muted-people", { n }));
    const hadFocus = document.activeElement === this.silenced;
    this.silenced.hidden = n === 0;
    if (hadFocus && n === 0) this.composer.field.focus();
  }

  /** @param {boolean} isLost */
  #showLost(isLost) {
    const lost = find(".chat__lost", this.root);
    if (!isLost) {
      clearTimeout(this.#missedTimer);
      this.#missedTimer = undefined;
      lost.hidden = true;
      return;
    }
    this.#missedTimer ??= setTimeout(() => (lost.hidden = false), MISSED_MS);
  }

  // --- what I do

  /** @param {string} text @param {number[]} mentions */
  #send(text, mentions) {
    this.list.toBottom();
    this.line.send(text, mentions);
    this.list.toBottom();
  }

  /** What is before my eyes is read. */
  #read() {
    if (this.isSeen && this.list?.isAtBottom) this.line.readAll();
  }

  async #fetchOlder() {
    if (!this.#isShown || this.line.isClosed || this.line.isFetching || this.#hasFailedToFetch || !this.line.room?.more) return;
    try {
      await this.line.fetchOlder();
    } catch (error) {
      this.#hasFailedToFetch = true;
      this.#notice(sentenceOf(error));
      this.render();
    }
  }

  /** @param {ChatMessageRow} row @returns {MenuItem[]} */
  #items({ message, mine, at, author }) {
    const { room } = this.line;
    if (!message || !room) return [];
    /** @type {MenuItem[]} */
    const items = [];
    if (room.me.moderates || (mine && this.line.now() - at < REGRET_MS)) {
      items.push({ label: words("chat-delete-action"), choose: () => void this.#delete(message) });
    }
    const { person, role } = message.author;
    if (room.me.moderates && !mine && person !== null && role !== "organizer") {
      const muted = room.mutedPeople.some((each) => each.person === person);
      items.push({
        label: words(muted ? "chat-allow" : "chat-mute"),
        note: author.name,
        choose: () => void this.#mute(person, author.name, !muted),
      });
    }
    return items;
  }

  /** @param {ChatWire.Message} message */
  async #delete(message) {
    if (await confirm("chat-delete", { name: message.author.name, text: message.text })) {
      await this.#try(() => this.line.remove(message), words("chat-said-deleted"));
    }
  }

  /** @param {number} person @param {string} name @param {boolean} muted */
  async #mute(person, name, muted) {
    const done = words(muted ? "chat-said-muted" : "chat-said-allowed", { name });
    await this.#try(() => this.line.mute(person, name, muted), done, true);
  }

  /** @param {() => Promise<unknown>} act @param {string} done @param {boolean} [isShown] */
  async #try(act, done, isShown = false) {
    try {
      await act();
      if (isShown) this.#notice(done);
      else announce(done);
    } catch (error) {
      this.#notice(sentenceOf(error));
    }
  }

  // --- what is said of it

  /** @param {string} text */
  #notice(text) {
    if (this.#hasEnded) return;
    const notice = find(".chat__notice", this.root);
    write(notice, text);
    notice.hidden = false;
    announce(text);
    clearTimeout(this.#noticeTimer);
    this.#noticeTimer = setTimeout(() => (notice.hidden = true), NOTICE_MS);
  }

  /** @param {ChatWire.Message[]} messages */
  #arrived(messages) {
    for (const { id, author, text, mentions } of messages) {
      const mentionsMe = mentions.some(({ person }) => person === this.me.person);
      this.news.hear({ id, name: author.name, text, mentionsMe });
    }
  }

  /** @param {import("./news.js").Sentence[]} sentences */
  #say(sentences) {
    const { chatName = "" } = this.root.dataset;
    for (const [key, values, id] of sentences) {
      const sentence = announce(words(key, { ...values, chat: chatName }));
      if (id) this.#said.set(id, sentence);
    }
  }

  /** @param {string} id */
  #isGone(id) {
    return this.line.room?.gone.has(id) ?? true;
  }

  /** What was deleted is not to be found where it was read out, either. */
  #unsay() {
    for (const [id, sentence] of this.#said) {
      if (this.#isGone(id)) sentence.remove();
      if (!sentence.isConnected) this.#said.delete(id);
    }
  }

  /** @param {{ code: number, reason: string, text: string }} end */
  #end(end) {
    const why = find(".chat__ended", this.root);
    const hadFocus = this.root.contains(document.activeElement);
    if (end.text) write(why, end.text);
    this.close();
    this.root.append(why);
    if (hadFocus) why.focus();
    this.handlers.end?.(end);
  }
}

/** @param {HTMLElement} root @returns {ChatAuthor} */
function authorOf({ dataset: { chatPerson, chatAuthor = "", chatPhoto, chatColour } }) {
  return { person: Number(chatPerson), name: chatAuthor, photo: chatPhoto || null, colour: Number(chatColour) };
}

/** Why something was not done: the server's sentence, or the page's own for a line that is lost. @param {unknown} error */
function sentenceOf(error) {
  if (!(error instanceof Refusal)) throw error;
  if (error.text && !isLost(error)) return error.text;
  return words(error.code === "timeout" ? "chat-timed-out" : "chat-line-lost");
}
