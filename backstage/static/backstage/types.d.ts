// What several modules of the pages speak of. Global, for the reason that wire.d.ts gives.

/** The state of the show, with moments of this page's own clock (`performance.now()`, in milliseconds). */
interface ShowClock {
  state: BackstageWire.ShowState;
  delayS: number;
  /** While going live; null until the first packet is on its way. */
  onAirAt: number | null;
  /** While live or ending. */
  liveSince: number | null;
  /** While ending. */
  offAirAt: number | null;
}

type DeviceKind = "camera" | "microphone";

/** What the Backstage page knows. */
interface Room {
  /** Of the newest notice in here. */
  revision: number | null;
  me: BackstageWire.Me;
  event: string;
  stage: string;
  tiles: BackstageWire.Tile[];
  show: ShowClock;
  people: number;
  watching: number;
  /** Slots of those who talk now. */
  talking: number[];
  /** The revision that `me` is as new as. */
  meAsOf: number | null;
}

/** The queue as the Backstage page knows it. */
interface Queue {
  revision: number | null;
  /** Empty for everybody but organizers. */
  requests: ModerationWire.Waiting[];
  mine: ModerationWire.MyRequest | null;
  /** The revision of the queue that `mine` is as new as. */
  mineAsOf: number | null;
}

/** The `config` of the Backstage page. */
interface BackstageConfig {
  backstage_socket: string;
  moderation_socket: string;
  media_socket: string;
  preview_socket: string;
  organizer: boolean;
  sign_in: string;
  leave: string;
}

/** The `config` of the Stage page. */
interface StageConfig {
  socket: string;
  starts_at: string;
  sign_in: string;
  /** Where the picture of this page comes from; the server says the same word until it comes from elsewhere. */
  shown: string;
}

/** Of a ⋯ menu. */
interface MenuItem {
  label: string;
  /** What it is about, in small letters below the label. */
  note?: string;
  /** What it is about is just being changed: it cannot be chosen. */
  waits?: boolean;
  choose: () => void;
}

/** Sends for some seconds, to nobody, to find out how the way to the server is. */
interface UplinkMeasure {
  /** Never rejects; one at a time. */
  measure(stream: MediaStream): Promise<Pick<ModerationWire.Preflight, "uplink" | "path">>;
  stop(): void;
}

/** How asking to share is done; the room itself knows only that one may have to ask. */
interface Asking {
  /** A request of mine waits, or was accepted and my tile is on its way. */
  readonly keepsDevices: boolean;
  readonly isWaiting: boolean;
  ask(devices: { microphone: boolean; camera: boolean }): Promise<void>;
}

/** What the Stage page knows. */
interface Aired {
  revision: number | null;
  layout: BackstageWire.Layout;
  watching: number;
  /** I am on screen in a Backstage: no sound here. */
  onScreen: boolean;
  /** Where the picture comes from; a page that was made for another one loads itself anew. */
  shown: string;
}
