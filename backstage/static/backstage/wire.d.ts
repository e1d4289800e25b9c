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
    /** Its media reach the server. */
    connected: boolean;
    microphone: boolean;
    camera: boolean;
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
    /** While ending: for how long attendees still see it. */
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

  /** To one person: whether coming on screen needs asking. */
  interface MayReturnChanged {
    may_return: boolean;
  }

  /** The media server is there (again): whoever waits for it, connect now. */
  type MediaReady = Record<string, never>;

  /** To every page of a person: they left, in one of them or by being away too long. Coming in anew is allowed. */
  type YouLeft = Record<string, never>;

  /** Answered with a `backstage.snapshot` before the `ok`. */
  type GetSnapshot = Record<string, never>;

  /** Come on screen: organizers, and those who may return. Refused: `stage.full`, `request.needed`. */
  interface TakePlace {
    microphone?: boolean;
    camera?: boolean;
  }

  /** Leave the screen, stay in the Backstage. */
  type GivePlace = Record<string, never>;

  /** My microphone or camera was switched on or off; the tile says so to everybody. */
  interface SetDevices {
    microphone: boolean;
    camera: boolean;
  }

  /** Gives the place and the request back at once. */
  type LeaveBackstage = Record<string, never>;

  /** Organizers. Refused: `broadcast.already`, `forbidden`. */
  type StartBroadcast = Record<string, never>;

  /** Organizers. Refused: `broadcast.not_on`, `forbidden`. */
  type StopBroadcast = Record<string, never>;

  /** Sent on connecting. */
  interface MediaConfig {
    /** RTCIceServer dictionaries. */
    ice_servers: Record<string, unknown>[];
    /** Bits per second for one camera. */
    bitrate: number;
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
  }

  interface PublishCandidate {
    candidate: Candidate;
  }

  interface PublishRemoteCandidate {
    candidate: Candidate;
  }

  /** This person's pictures now come from another of their pages: stop, let go of the devices, do not try again. */
  type PublishElsewhere = Record<string, never>;

  type StopPublishing = Record<string, never>;

  /** A PeerConnection is over (Janus went away, ICE failed): close it and start again, with patience. */
  interface MediaLost {
    /** `watch` or `publish`. */
    which: string;
  }

  interface AiredTile {
    slot: number;
    name: string;
    photo: string | null;
    colour: number;
    kind: string;
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
    ice_servers: Record<string, unknown>[];
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

  /** → `{"offer": SDP}`: ten m-lines, streams `slot1` to `slot5`, tracks `a1`, `v1` … Refused: `media.not_ready`. */
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
    "place.devices": SetDevices;
    "backstage.leave": LeaveBackstage;
    "broadcast.start": StartBroadcast;
    "broadcast.stop": StopBroadcast;
    "watch.start": StartWatching;
    "watch.answer": AnswerWatching;
    "watch.candidate": WatchCandidate;
    "publish.start": Publish;
    "publish.candidate": PublishCandidate;
    "publish.stop": StopPublishing;
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
    | { type: "me.changed"; revision?: number; body: MayReturnChanged }
    | { type: "media.ready"; revision?: number; body: MediaReady }
    | { type: "you.left"; revision?: number; body: YouLeft }
    | { type: "media.config"; revision?: number; body: MediaConfig }
    | { type: "slot.feeds"; revision?: number; body: SlotFeeds }
    | { type: "watch.offer"; revision?: number; body: WatchOffer }
    | { type: "watch.candidate"; revision?: number; body: WatchRemoteCandidate }
    | { type: "publish.candidate"; revision?: number; body: PublishRemoteCandidate }
    | { type: "publish.elsewhere"; revision?: number; body: PublishElsewhere }
    | { type: "media.lost"; revision?: number; body: MediaLost }
    | { type: "stage.snapshot"; revision?: number; body: StageSnapshot }
    | { type: "layout.aired"; revision?: number; body: LayoutAired }
    | { type: "watching.changed"; revision?: number; body: WatchingChanged }
    | { type: "viewer.candidate"; revision?: number; body: ViewerRemoteCandidate }
    | { type: "viewer.lost"; revision?: number; body: ViewerLost };
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
  }

  interface MyRequest {
    request: string;
    /** `waiting`, `accepted`, `declined`, `withdrawn` or `ended`. */
    state: string;
    /** While waiting, from 1. */
    place: number | null;
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

  interface Decline {
    request: string;
  }

  /** Takes a tile off the screen; the person stays in the Backstage and must ask again. */
  interface RemoveFromScreen {
    participant: string;
  }

  /** Answered with a `moderation.snapshot` before the `ok`. */
  type GetSnapshot = Record<string, never>;

  /** What a page may ask for: the type of a command and its body. */
  interface Commands {
    "request.ask": Ask;
    "request.withdraw": Withdraw;
    "request.accept": Accept;
    "request.decline": Decline;
    "screen.remove": RemoveFromScreen;
    "snapshot.get": GetSnapshot;
  }

  /** What a page may be told. */
  type AnyNotice =
    | { type: "moderation.snapshot"; revision?: number; body: ModerationSnapshot }
    | { type: "requests.changed"; revision?: number; body: RequestsChanged }
    | { type: "request.changed"; revision?: number; body: MyRequestChanged };
}
