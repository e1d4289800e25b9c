// The Stage page: what the audience sees and hears. The layout comes in step with the picture, so it is applied at once.

import { config, copyOf, find, number, words, write } from "./page.js";
import { Sound } from "./sound.js";
import { SLOTS } from "./slots.js";
import { StageFeed } from "./stage-feed.js";
import { loadAnew } from "./views/anew.js";
import { announce } from "./views/announcer.js";
import { Banner } from "./views/banner.js";
import { draw } from "./views/person.js";
import { PlayerControls } from "./views/player-controls.js";
import { Tiles } from "./views/tiles.js";
import { turnAway } from "./views/turned-away.js";

/** @type {StageConfig} */
const settings = config();
let isLive = false;
let wasOnScreen = false;
/** What is broken: the line of words, or the one of media. */
const broken = { line: false, media: false };

const banner = new Banner();
const tiles = new Tiles(find("#tiles"), () => controls.render());
const sound = new Sound(document.querySelectorAll("audio"), () => controls.render());
const controls = new PlayerControls(sound, tiles);
const feed = new StageFeed(settings.socket, {
  changed: render,
  stream(slot, stream) {
    tiles.setRemote(slot, stream);
    sound.set(slot, stream);
  },
  connection(up) {
    broken.media = !up;
    if (!up) tiles.loseRemote();
    showBanner();
  },
  line(up) {
    broken.line = !up;
    showBanner();
  },
  moved: loadAnew,
  end,
});
sound.silence(new Set(SLOTS));
feed.open();

/** @param {Aired} aired */
function render(aired) {
  if (aired.shown !== settings.shown) loadAnew();
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
  write(find("#watching-number"), number(aired.watching));
  if (live !== isLive) {
    announce(words(live ? "said-live" : "said-off-air"));
    isLive = live;
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

/** Off air there is no picture to be missed. */
function showBanner() {
  banner.show(broken.line || (broken.media && isLive));
}

/** Turned away for good. @param {{ code: number, text: string }} turned */
function end(turned) {
  feed.close();
  turnAway(turned, { signIn: settings.sign_in, clear: () => tiles.render([]) });
}
