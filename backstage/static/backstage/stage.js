// The Stage page: what the audience sees and hears. The layout comes in step with the picture, so it is applied at once.

import { STAGE, Watcher } from "./media/watcher.js";
import { config, copyOf, find, words, write } from "./page.js";
import { isMisunderstanding, SIGNED_OUT, Socket } from "./protocol.js";
import { Sound } from "./sound.js";
import { SLOTS } from "./slots.js";
import { reduceStage } from "./stage-state.js";
import { announce } from "./views/announcer.js";
import { draw } from "./views/person.js";
import { PlayerControls } from "./views/player-controls.js";
import { Tiles } from "./views/tiles.js";
import { turnAway } from "./views/turned-away.js";

/** Milliseconds: a line that is back sooner was never missed. */
const BANNER_AFTER_MS = 600;

/** @type {StageConfig} */
const settings = config();
/** @type {Aired | null} */
let aired = null;
let wasLive = false;
let wasOnScreen = false;
/** The line is new, and its snapshot is not here yet. */
let isNewLine = true;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let bannerTimer;
/** What is broken: the line of words, or the one of media. */
const broken = { line: false, media: false };

const tiles = new Tiles(find("#tiles"));
const sound = new Sound(document.querySelectorAll("audio"), () => controls.render());
const controls = new PlayerControls(sound);
const socket = new Socket(settings.socket, { notice: told, line, end });
const watcher = new Watcher(socket, STAGE, {
  stream(slot, stream) {
    tiles.setRemote(slot, stream);
    sound.set(slot, stream);
  },
  connection(up) {
    broken.media = !up;
    if (!up) tiles.loseRemote();
    showBanner();
  },
});
sound.silence(new Set(SLOTS));
socket.open();

/** @param {BackstageWire.AnyNotice} notice */
function told(notice) {
  switch (notice.type) {
    case "stage.snapshot":
      watcher.iceServers = /** @type {any} */ (notice.body.ice_servers);
      // The server has forgotten the connection of the old line.
      if (isNewLine) watcher.stop();
      isNewLine = false;
      if (notice.body.media || notice.body.layout.live) connect();
      break;
    case "layout.aired":
      // LIVE never stands over black because a `media.ready` was missed.
      if (notice.body.layout.live) connect();
      break;
    case "media.ready":
      watcher.start();
      break;
    case "viewer.candidate":
      watcher.remoteCandidate(notice.body.candidate);
      break;
    case "viewer.lost":
      watcher.lost();
      break;
    case "watching.changed":
      // Something was said that never came here.
      if (aired && notice.body.as_of > (aired.revision ?? 0)) socket.command("snapshot.get").catch(() => {});
      break;
  }
  aired = reduceStage(aired, notice);
  render();
}

/** There is something to see. What works, or is being made, stays. */
function connect() {
  if (watcher.isWanted) watcher.ready();
  else watcher.start();
}

function render() {
  if (!aired) return;
  const { live, tiles: shown } = aired.layout;
  const now = live ? shown : [];
  tiles.render(now);
  const heard = new Set(now.map(({ slot }) => slot));
  // While I am on screen I would hear myself again, seconds later, and so would everybody through my microphone.
  sound.silence(new Set(aired.onScreen ? SLOTS : SLOTS.filter((slot) => !heard.has(slot))));
  find("#player").dataset.live = String(live);
  find("#live").hidden = find("#watching").hidden = find("#player-controls").hidden = !live;
  find("#interlude").hidden = !live || now.length > 0;
  find("#poster").hidden = live;
  write(find("#watching-number"), aired.watching.toLocaleString(document.documentElement.lang));
  if (live !== wasLive) {
    announce(words(live ? "said-live" : "said-off-air"));
    wasLive = live;
    write(find("#poster-text"), words("paused"));
    find("#poster-when").hidden = true;
  }
  find("#guard").hidden = !aired.onScreen;
  if (aired.onScreen !== wasOnScreen) {
    if (aired.onScreen || wasOnScreen) announce(words(aired.onScreen ? "guarded" : "unguarded"));
    wasOnScreen = aired.onScreen;
  }
  renderPeople(now);
  controls.render({ live, guarded: aired.onScreen });
  showBanner();
}

/** The people below the player; a screen is nobody. @param {BackstageWire.AiredTile[]} shown */
function renderPeople(shown) {
  const list = find("#on-stage");
  const people = shown.filter(({ kind }) => kind === "camera");
  while (list.children.length > people.length) list.lastElementChild?.remove();
  while (list.children.length < people.length) list.append(copyOf("on-stage-person"));
  people.forEach((person, index) => {
    const item = /** @type {HTMLElement} */ (list.children[index]);
    draw(find(".avatar", item), person);
    write(find(".stage__name", item), person.name);
  });
}

/** @param {boolean} up */
function line(up) {
  broken.line = !up;
  if (up) isNewLine = true;
  showBanner();
}

/** Off air there is no picture to be missed. */
function showBanner() {
  const missed = broken.line || (broken.media && Boolean(aired?.layout.live));
  if (!missed) {
    clearTimeout(bannerTimer);
    bannerTimer = undefined;
    find("#banner").hidden = true;
  } else {
    bannerTimer ??= setTimeout(() => (find("#banner").hidden = false), BANNER_AFTER_MS);
  }
}

/** Turned away for good. @param {{ code: number, text: string }} turned */
function end({ code, text }) {
  watcher.stop();
  if (code === SIGNED_OUT) {
    location.assign(settings.sign_in);
    return;
  }
  tiles.render([]);
  const why = isMisunderstanding(code) ? words("reload") : text;
  if (why) write(find("#turned-away-text"), why);
  turnAway();
}
