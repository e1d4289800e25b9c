// What several modules of the chat speak of. Global, as in backstage's types.d.ts.

/** One room of the chat as this page knows it. */
interface ChatRoom {
  /** Of the newest notice in here. */
  revision: number | null;
  /**
   * Number of the newest message up to which none was missed, as far as numbered notices, snapshots and what was asked
   * for behind a gap say. What answers a message of mine may stand behind a gap that nobody knows of yet.
   */
  upTo: number;
  me: ChatWire.Me;
  /** By number, oldest first; up to `upTo` none is missing, unless `behind` says so. */
  messages: ChatWire.Message[];
  /** There are older ones. */
  more: boolean;
  readUpTo: number;
  unread: number;
  /** There may be more of them than were counted, so one less changes nothing. */
  hasMoreUnread: boolean;
  /** Revision of the snapshot whose `unread` this began with: what was deleted before is not in it. */
  countedAt: number;
  mutedPeople: ChatWire.MutedPerson[];
  /** What was deleted while this page was open: an answer that is older than the deletion brings nothing back. */
  gone: ReadonlySet<string>;
  /** What was seen before the line was lost, or a notice: what happened since then has to be asked for. */
  behind: { revision: number; after: number; counted: boolean } | null;
}

/** A message of mine that the server does not have yet, as far as this page knows. */
interface Unsent {
  client_id: string;
  text: string;
  /** Whom I chose from the list of people, which tells those of one name apart. */
  mentions: number[];
  /** Milliseconds of this computer's clock: when it was written. */
  at: number;
  /** Why the server did not take it; empty while it is being sent. */
  reason: string;
  /** The server's code for that. */
  refusal: string;
  /** Milliseconds of this computer's clock: before that, it would be refused again. */
  notBefore: number;
}

/** Somebody whom a text names behind an @. */
interface Named {
  person: number;
  name: string;
}

/** Who writes here, as the template knows them. */
interface ChatAuthor {
  person: number;
  name: string;
  photo: string | null;
  colour: number;
}

/** A day, or a message, as it stands in the list. */
type ChatRow =
  | { kind: "day"; key: string; label: string }
  | {
      kind: "message";
      /** The same before and after it is stored. */
      key: string;
      author: Pick<ChatWire.Author, "name" | "photo" | "colour" | "role">;
      text: string;
      mentions: ChatWire.Mention[];
      at: number;
      /** Under the name and the picture of the one before. */
      grouped: boolean;
      mine: boolean;
      mentionsMe: boolean;
      message: ChatWire.Message | null;
      unsent: Unsent | null;
    };
type ChatMessageRow = Extract<ChatRow, { kind: "message" }>;
