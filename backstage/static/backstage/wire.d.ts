// Written by `manage.py wiretypes` from the messages.py files. Do not edit; a test holds it against them.
//
// Global namespaces instead of a module: the static files storage of Django takes every `import` in a file
// for one that it has to rewrite, also an `import` of types in a comment.

declare namespace BackstageWire {
  /** One of up to five people or screens. `slot` (1 to 5) says which two tracks carry it. */
  interface Tile {
    slot: number;
    participant: string;
    name: string;
    photo: string | null;
    /** 0 to 7, behind the initials where there is no photo. */
    colour: number;
    /** `camera` or `screen`. */
    kind: string;
    /** The newest screen: the others stand in a row below it. */
    large: boolean;
    /** It has a connection to the server. */
    connected: boolean;
    microphone: boolean;
    camera: boolean;
    /** By an organizer: the person cannot switch the microphone on. */
    muted: boolean;
    /** The way from this person to the server loses packets, or is slow. */
    weak_link: boolean;
    heard: boolean;
    /** False: the microphone (camera, screen) is on, and for two seconds nothing of it has reached the server. */
    seen: boolean;
    /** A screen in the place of its person's camera: the same feed, and its sound is the microphone. */
    replaces_camera: boolean;
  }

  type ShowState = "off_air" | "going_live" | "live" | "ending";

  /** The state of the show. Milliseconds count from the moment of sending, so clocks need not agree. */
  interface Show {
    state: ShowState;
    delay_s: number;
    /** While going live: until attendees see it. None until the first packet came in (nobody on screen). */
    on_air_in_ms: number | null;
    /** While live or ending: how long attendees have been seeing it. */
    live_for_ms: number | null;
    /**
     * While ending: for how long attendees still see it. While going live: for how long they see the end of the show
     * before, if they do.
     */
    off_air_in_ms: number | null;
  }

  /** An ICE candidate as RTCIceCandidateInit has it; `candidate` None: there are no more. */
  interface Candidate {
    candidate: string | null;
    sdp_mid: string | null;
    sdp_m_line_index: number | null;
  }

  /** A command that needs no words. */
  type Empty = Record<string, never>;

  interface Me {
    participant: string;
    name: string;
    photo: string | null;
    organizer: boolean;
    /** May come on screen without asking. */
    may_return: boolean;
    /** By an organizer: not heard, and the microphone stays off until an organizer allows it. */
    muted: boolean;
  }

  /** All there is to know, sent on connecting and when asked for. */
  interface BackstageSnapshot {
    me: Me;
    event: string;
    stage: string;
    tiles: Tile[];
    show: Show;
    /** Persons inside this Backstage. */
    people: number;
    /** Persons at the Stage. */
    watching: number;
  }

  /** The tiles as they are now, all of them, in the order of their slots. */
  interface TilesChanged {
    tiles: Tile[];
  }

  interface ShowChanged {
    show: Show;
  }

  /** Told whenever a number changes, and every ten seconds: a page that missed a notice finds out by `as_of`. */
  interface PeopleChanged {
    people: number;
    watching: number;
    /** The revision that the Backstage is at. A page that has an older one asks for a snapshot. */
    as_of: number;
  }

  /** To one person: what they may do. */
  interface MeChanged {
    may_return: boolean;
    muted: boolean;
    /** The revision of the Backstage that this is as new as; an older one says nothing any more. */
    as_of: number;
  }

  /** The slots of those who talk now, all of them. */
  interface TalkingChanged {
    slots: number[];
  }

  /** Instead of a snapshot: all places for watchers are taken. The snapshot follows by itself when one is free. */
  interface HouseFull {
    /** How many there are. */
    places: number;
    /** In the line at the door, from 1. */
    place: number;
  }

  /** Between processes only: a person who waited at the door has a place. */
  type Admitted = Record<string, never>;

  /** Between processes only, to all who wait at the door: look up your place in line. */
  type LineMoved = Record<string, never>;

  /** The media server is there (again): whoever waits for it, connect now. */
  type MediaReady = Record<string, never>;

  /** To every page of a person: they left, in one of them or by being away too long. Coming in anew is allowed. */
  type YouLeft = Record<string, never>;

  /** Answered with a `backstage.snapshot` (at the Stage: `stage.snapshot`) before the `ok`. */
  type GetSnapshot = Record<string, never>;

  /** Come on screen: organizers, and those who may return. Refused: `stage.full`, `request.needed`. */
  interface TakePlace {
    microphone?: boolean;
    camera?: boolean;
  }

  /** Leave the screen, stay in the Backstage. */
  type GivePlace = Record<string, never>;

  /**
   * Share my screen in a place of its own, or instead of my camera.
   *
   * Refused: `stage.full`, `request.needed`, `publish.not_on_screen`, `screen.removed`.
   */
  interface TakeScreen {
    /** The browser shares sound with it. */
    sound?: boolean;
    /** In the place of my camera: the same feed carries the screen's picture and my microphone. */
    instead?: boolean;
  }

  /** Stop sharing my screen. */
  type GiveScreen = Record<string, never>;

  /**
   * My microphone or camera was switched on or off; the tile says so to everybody.
   *
   * Refused: `muted`, `publish.not_on_screen`.
   */
  interface SetDevices {
    microphone: boolean;
    camera: boolean;
  }

  /** Gives the place and the request back at once. */
  type LeaveBackstage = Record<string, never>;

  /** Organizers. Refused: `broadcast.already`, `broadcast.no_stage`, `forbidden`. */
  type StartBroadcast = Record<string, never>;

  /** Organizers. Refused: `broadcast.not_on`, `forbidden`. */
  type StopBroadcast = Record<string, never>;

  /** Organizers: off air at once, what nobody has seen yet is destroyed. Refused: `broadcast.not_on`, `forbidden`. */
  type CutNow = Record<string, never>;

  /** Sent on connecting. */
  interface MediaConfig {
    /** RTCIceServer dictionaries. */
    ice_servers: Record<string, unknown>[];
    /** Bits per second for one camera. */
    bitrate: number;
    /** And for one screen. */
    screen_bitrate: number;
  }

  /** Between processes only, never to a page: which feed stands in which slot (index 0 is slot 1; None: empty). */
  interface SlotFeeds {
    /** Of the Backstage session; an older one says nothing any more. */
    revision: number;
    feeds: (number | null)[];
  }

  interface SdpOffer {
    offer: string;
  }

  interface SdpAnswer {
    answer: string;
  }

  /** → `{"offer": SDP}` with ten m-lines: audio of slot k has mid 2k-2, video 2k-1. Refused: `media.not_ready`. */
  type StartWatching = Record<string, never>;

  /** To the offer of `watch.start` or of a later `watch.offer`. */
  interface AnswerWatching {
    sdp: string;
  }

  interface WatchCandidate {
    candidate: Candidate;
  }

  /** Janus wants to renegotiate (a feed vanished by itself): answer with `watch.answer`. */
  interface WatchOffer {
    sdp: string;
  }

  interface WatchRemoteCandidate {
    candidate: Candidate;
  }

  /** → `{"answer": SDP}`. Refused: `publish.not_on_screen`, `publish.unfit`, `media.not_ready`. */
  interface Publish {
    sdp: string;
    kind?: "camera" | "screen";
  }

  interface PublishCandidate {
    candidate: Candidate;
    kind?: "camera" | "screen";
  }

  interface PublishRemoteCandidate {
    candidate: Candidate;
    kind: "camera" | "screen";
  }

  /** This person's pictures now come from another of their pages: stop, let go of the devices, do not try again. */
  interface PublishElsewhere {
    kind: "camera" | "screen";
  }

  interface StopPublishing {
    kind?: "camera" | "screen";
  }

  /** How my way to the server is, as `getStats` says; told when it changes. The tile shows a weak one to everybody. */
  interface LinkQuality {
    weak: boolean;
    kind?: "camera" | "screen";
  }

  /**
   * → `{"answer": SDP}`. Sends camera and microphone to nobody for a few seconds, to measure the uplink before
   * coming on screen. Only for whoever waits. Refused: `preflight.not_now`, `publish.unfit`, `media.not_ready`.
   */
  interface StartPreflight {
    sdp: string;
  }

  interface PreflightCandidate {
    candidate: Candidate;
  }

  interface PreflightRemoteCandidate {
    candidate: Candidate;
  }

  type StopPreflight = Record<string, never>;

  /** A PeerConnection is over (Janus went away, ICE failed): close it and start again, with patience. */
  interface MediaLost {
    which: "camera" | "screen" | "watch";
  }

  interface AiredTile {
    slot: number;
    name: string;
    photo: string | null;
    colour: number;
    kind: string;
    large: boolean;
    microphone: boolean;
    camera: boolean;
  }

  /** What goes through the delay line with the packets, and comes out in step with them. */
  interface Layout {
    live: boolean;
    tiles: AiredTile[];
  }

  interface StageSnapshot {
    layout: Layout;
    /** Whether there is something to connect to; otherwise wait for `media.ready`. */
    media: boolean;
    watching: number;
    /** This person is on screen in a Backstage: the Stage is silent for them, or they would hear themselves again. */
    on_screen: boolean;
    ice_servers: Record<string, unknown>[];
    /** Where the picture comes from. A page that was made for another one loads itself anew. */
    shown: string;
  }

  /** The picture comes from elsewhere now: load the page anew. */
  type StageChanged = Record<string, never>;

  /** To all Stage pages of one person: they came on screen in a Backstage, or left it. */
  interface EchoGuard {
    on_screen: boolean;
  }

  /** The tiles from now on: apply at once, it is in step with the picture. */
  interface LayoutAired {
    layout: Layout;
  }

  /** As `people.changed`, for the Stage. */
  interface WatchingChanged {
    watching: number;
    /** The revision that the Stage is at. */
    as_of: number;
  }

  /**
   * → `{"offer": SDP}`: ten m-lines (for a preview, five), streams `slot1` to `slot5`, tracks `a1`, `v1` …
   *
   * Refused: `media.not_ready`.
   */
  type StartViewing = Record<string, never>;

  interface AnswerViewing {
    sdp: string;
  }

  interface ViewerCandidate {
    candidate: Candidate;
  }

  interface ViewerRemoteCandidate {
    candidate: Candidate;
  }

  type ViewerLost = Record<string, never>;

  /** What a page may ask for: the type of a command and its body. */
  interface Commands {
    "snapshot.get": GetSnapshot;
    "place.take": TakePlace;
    "place.give": GivePlace;
    "screen.take": TakeScreen;
    "screen.give": GiveScreen;
    "place.devices": SetDevices;
    "backstage.leave": LeaveBackstage;
    "broadcast.start": StartBroadcast;
    "broadcast.stop": StopBroadcast;
    "broadcast.cut": CutNow;
    "watch.start": StartWatching;
    "watch.answer": AnswerWatching;
    "watch.candidate": WatchCandidate;
    "publish.start": Publish;
    "publish.candidate": PublishCandidate;
    "publish.stop": StopPublishing;
    "publish.quality": LinkQuality;
    "preflight.start": StartPreflight;
    "preflight.candidate": PreflightCandidate;
    "preflight.stop": StopPreflight;
    "viewer.start": StartViewing;
    "viewer.answer": AnswerViewing;
    "viewer.candidate": ViewerCandidate;
  }

  /** What a page may be told. */
  type AnyNotice =
    | { type: "backstage.snapshot"; revision?: number; body: BackstageSnapshot }
    | { type: "tiles.changed"; revision?: number; body: TilesChanged }
    | { type: "show.changed"; revision?: number; body: ShowChanged }
    | { type: "people.changed"; revision?: number; body: PeopleChanged }
    | { type: "me.changed"; revision?: number; body: MeChanged }
    | { type: "talking.changed"; revision?: number; body: TalkingChanged }
    | { type: "house.full"; revision?: number; body: HouseFull }
    | { type: "house.admitted"; revision?: number; body: Admitted }
    | { type: "house.moved"; revision?: number; body: LineMoved }
    | { type: "media.ready"; revision?: number; body: MediaReady }
    | { type: "you.left"; revision?: number; body: YouLeft }
    | { type: "media.config"; revision?: number; body: MediaConfig }
    | { type: "slot.feeds"; revision?: number; body: SlotFeeds }
    | { type: "watch.offer"; revision?: number; body: WatchOffer }
    | { type: "watch.candidate"; revision?: number; body: WatchRemoteCandidate }
    | { type: "publish.candidate"; revision?: number; body: PublishRemoteCandidate }
    | { type: "publish.elsewhere"; revision?: number; body: PublishElsewhere }
    | { type: "preflight.candidate"; revision?: number; body: PreflightRemoteCandidate }
    | { type: "media.lost"; revision?: number; body: MediaLost }
    | { type: "stage.snapshot"; revision?: number; body: StageSnapshot }
    | { type: "stage.changed"; revision?: number; body: StageChanged }
    | { type: "guard.changed"; revision?: number; body: EchoGuard }
    | { type: "layout.aired"; revision?: number; body: LayoutAired }
    | { type: "watching.changed"; revision?: number; body: WatchingChanged }
    | { type: "viewer.candidate"; revision?: number; body: ViewerRemoteCandidate }
    | { type: "viewer.lost"; revision?: number; body: ViewerLost };
}

declare namespace ChatWire {
  interface Author {
    /** None: the account is gone, and the name says "Former attendee". */
    person: number | null;
    name: string;
    photo: string | null;
    colour: number;
    /** At the time of writing. `speaker`: on screen in one of the event's Backstages, or was and may return there. */
    role: "" | "organizer" | "speaker";
  }

  interface Mention {
    person: number;
    /** As it stands in the text behind the @. */
    name: string;
  }

  interface Message {
    id: string;
    number: number;
    /** The page's own, made before it was sent: by it the author's page knows what it already shows. */
    client_id: string;
    author: Author;
    /** Plain text. Pages make links of http and https themselves, and nothing else. */
    text: string;
    /** ISO 8601, UTC: when it was stored. */
    at: string;
    /**
     * ISO 8601, UTC. Of an event message: when that was captured which the audience of the author's Stage saw as it was
     * written. None: the Stage was not on air, or nobody can say when it was written. Told to people backstage only.
     */
    seen_at: string | null;
    mentions: Mention[];
  }

  interface Me {
    person: number;
    /** May delete any message and mute people here. */
    moderates: boolean;
    /** By an organizer: reads, and cannot write. */
    muted: boolean;
  }

  /** Somebody whom one may mention here. */
  interface Person {
    person: number;
    name: string;
    photo: string | null;
    colour: number;
    role: "" | "organizer" | "speaker";
  }

  /** By an organizer, each by hand, so they are few. */
  interface MutedPerson {
    person: number;
    name: string;
  }

  /** After coming in. With the room's revision. */
  interface ChatSnapshot {
    me: Me;
    /** The newest, at most a page, oldest first. */
    messages: Message[];
    /** There are older ones. */
    more: boolean;
    /** The number of the newest message this person has read, on any of their pages. */
    read_up_to: number;
    /** Messages of others behind it that are not deleted, counted up to 100. */
    unread: number;
    /**
     * In the chats of this event, whether they wrote anything or not, the newest last; empty for everybody but
     * organizers.
     */
    muted_people: MutedPerson[];
    /** ISO 8601, UTC: when this was put together. By it a page whose clock is another says when it wrote something. */
    now: string;
  }

  /** To an organizer of a draft, instead of a snapshot: once the event is published, the chat opens with one. */
  type ChatClosed = Record<string, never>;

  interface MessagePosted {
    message: Message;
  }

  /**
   * From every screen: it is gone from the history, too.
   *
   * A page that has not loaded it counts it as unread: where it stood and whose it was says if it still was.
   */
  interface MessageDeleted {
    message: string;
    number: number;
    /** None: the account is gone. */
    author: number | null;
  }

  /** To organizers of the room and to the person: may write no more, or again. */
  interface PersonMuted {
    person: number;
    name: string;
    muted: boolean;
  }

  /** Now and then: a page whose revision is older missed a notice that no gap has shown yet, and asks. */
  interface RoomIsAt {
    as_of: number;
  }

  /** To the other pages of one person. */
  interface ReadElsewhere {
    read_up_to: number;
  }

  /** → a chat.snapshot before the ok. */
  type GetSnapshot = Record<string, never>;

  /** → stored, then shown to everybody. The same `client_id` again: the same message, once. ok: Sent. */
  interface Send {
    client_id: string;
    text: string;
    /** Of an event message: the Stage that its author is watching. */
    stage?: string | null;
    /** When its author pressed Send, by the server's clock as far as the page knows it; None: the page does not. */
    written_at?: string | null;
    /** Whom the author chose from a list. Of several people of one name these alone are mentioned. */
    mentions?: number[];
  }

  interface Sent {
    message: Message;
  }

  /**
   * → what happened in the room since a revision that the page has seen; asked on reconnecting and after a gap.
   *
   * ok: CaughtUp.
   */
  interface CatchUp {
    revision: number;
    /** The number of the newest message that the page has, before the gap if there is one. */
    after: number;
  }

  interface CaughtUp {
    /** Behind `after`, oldest first, at most a page. */
    messages: Message[];
    /**
     * Messages that went since `revision`, also such as stood behind `after`. Not whose they were: whoever asks may not
     * have been there to read them.
     */
    deleted: string[];
    /** Ask again with `revision`, behind the last of these. */
    more: boolean;
    /** What the page has seen with this answer. */
    revision: number;
  }

  /** → what was written before. ok: Older. */
  interface GetOlder {
    /** The number of the oldest message that the page has. */
    before: number;
  }

  interface Older {
    /** The page just before, oldest first. */
    messages: Message[];
    more: boolean;
  }

  /** → gone. Authors for five minutes, organizers always. */
  interface Delete {
    message: string;
  }

  /** → may write here no more, or again; organizers. In all chats of the event. */
  interface MutePerson {
    person: number;
    muted: boolean;
  }

  /** → this person has read up to there. */
  interface Read {
    number: number;
  }

  /** → people whom one may mention and whose name, or a word of it, begins so. ok: Found. */
  interface FindPeople {
    beginning: string;
  }

  interface Found {
    /** At most eight. */
    people: Person[];
  }

  /** What a page may ask for: the type of a command and its body. */
  interface Commands {
    "snapshot.get": GetSnapshot;
    "message.send": Send;
    "chat.catch_up": CatchUp;
    "messages.older": GetOlder;
    "message.delete": Delete;
    "chat.mute": MutePerson;
    "chat.read_up_to": Read;
    "people.find": FindPeople;
  }

  /** What a page may be told. */
  type AnyNotice =
    | { type: "chat.snapshot"; revision?: number; body: ChatSnapshot }
    | { type: "chat.closed"; revision?: number; body: ChatClosed }
    | { type: "message.posted"; revision?: number; body: MessagePosted }
    | { type: "message.deleted"; revision?: number; body: MessageDeleted }
    | { type: "chat.muted"; revision?: number; body: PersonMuted }
    | { type: "chat.at"; revision?: number; body: RoomIsAt }
    | { type: "chat.read"; revision?: number; body: ReadElsewhere };
}

declare namespace ModerationWire {
  /** One waiting person, as organizers see them. */
  interface Waiting {
    request: string;
    participant: string;
    name: string;
    photo: string | null;
    colour: number;
    /** In the queue, from 1. */
    place: number;
    microphone: boolean;
    /** What the device check found. */
    camera: boolean;
    /** The page has told what follows; before that it says nothing. */
    measured: boolean;
    /** The microphone has heard something. */
    level: boolean;
    /** `good`, `weak`, or `unknown` until it is measured. */
    uplink: string;
    /** `direct`, `relayed`, or `unknown`. */
    path: string;
    /** Its name and major version, as the page tells it; empty: one that the page does not know. */
    browser: string;
    /** By an organizer: comes on screen muted. */
    muted: boolean;
  }

  interface MyRequest {
    request: string;
    /** `waiting`, `accepted`, `declined`, `withdrawn`, `dequeued` or `ended`. */
    state: string;
    /** While waiting, from 1. */
    place: number | null;
    /** From the organizer who declined; may be empty. */
    word: string;
  }

  interface ModerationSnapshot {
    /** Empty for everybody but organizers. */
    requests: Waiting[];
    mine: MyRequest | null;
  }

  /** To organizers: the whole queue, in order. */
  interface RequestsChanged {
    requests: Waiting[];
  }

  /** To the person who asked. */
  interface MyRequestChanged {
    /** The revision of the queue that this is as new as; what is older than the newest seen says nothing. */
    as_of: number;
    mine: MyRequest | null;
  }

  /** → the request waits. Asking twice changes nothing. */
  interface Ask {
    microphone: boolean;
    camera: boolean;
  }

  type Withdraw = Record<string, never>;

  /** Puts the person on screen. Refused: `stage.full`, `request.gone`, `forbidden`. */
  interface Accept {
    request: string;
  }

  /** What my page has measured while it waits. Nothing happens if I do not wait any more. */
  interface Preflight {
    microphone: boolean;
    /** Found now: a device may be pulled out, or put in, while its person waits. */
    camera: boolean;
    level: boolean;
    uplink: "good" | "unknown" | "weak";
    path: "direct" | "relayed" | "unknown";
    browser: string;
  }

  /** Refused: `request.gone`, `forbidden`. */
  interface Decline {
    request: string;
    /** Shown to the person. */
    word?: string;
  }

  /** Takes a person out of the queue without a word. Refused: `request.gone`, `forbidden`. */
  interface Dequeue {
    request: string;
  }

  /**
   * Nobody hears the person until this is lifted, on screen or when they come there. Refused: `person.gone`,
   * `forbidden`.
   */
  interface MutePerson {
    participant: string;
    muted: boolean;
  }

  /** Out of this Backstage, and kept out of the event. Refused: `person.gone`, `block.organizer`, `forbidden`. */
  interface BlockPerson {
    participant: string;
  }

  /**
   * Takes the screen that a person shares off the screen; the person themselves where there is none, who stays in
   * the Backstage and must ask again. Refused: `not_on_screen`, `forbidden`.
   */
  interface RemoveFromScreen {
    participant: string;
    /** What the organizer was shown is a screen: if it is shared no longer, nothing is removed in its stead. */
    screen: boolean;
  }

  /** What `screen.remove` has removed: the screen, or the person. Sharing may begin while an organizer is asked. */
  interface Removed {
    screen: boolean;
  }

  /** Answered with a `moderation.snapshot` before the `ok`. */
  type GetSnapshot = Record<string, never>;

  /** What a page may ask for: the type of a command and its body. */
  interface Commands {
    "request.ask": Ask;
    "request.withdraw": Withdraw;
    "request.accept": Accept;
    "request.preflight": Preflight;
    "request.decline": Decline;
    "request.remove": Dequeue;
    "person.mute": MutePerson;
    "person.block": BlockPerson;
    "screen.remove": RemoveFromScreen;
    "snapshot.get": GetSnapshot;
  }

  /** What a page may be told. */
  type AnyNotice =
    | { type: "moderation.snapshot"; revision?: number; body: ModerationSnapshot }
    | { type: "requests.changed"; revision?: number; body: RequestsChanged }
    | { type: "request.changed"; revision?: number; body: MyRequestChanged };
}
