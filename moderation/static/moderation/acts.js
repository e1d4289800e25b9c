// What an organizer does to a person, wherever it is pressed: at the photo of one who waits, at the tile of one on screen.

import { words } from "../backstage/page.js";
import { Socket } from "../backstage/protocol.js";
import { announce } from "../backstage/views/announcer.js";
import { confirm } from "../backstage/views/confirm.js";
import { tell } from "../backstage/views/waits.js";

/** @typedef {{ participant: string, name: string, muted: boolean }} Somebody */

/** @param {Socket} socket @param {Somebody} person @returns {MenuItem} */
export function muteItem(socket, { participant, name, muted }) {
  return {
    label: words(muted ? "allow-unmute" : "mute"),
    choose: () => {
      socket
        .command("person.mute", { participant, muted: !muted })
        .then(() => announce(words(muted ? "said-allowed" : "said-muted", { name })), tell);
    },
  };
}

/** @param {Socket} socket @param {Somebody} person @returns {MenuItem} */
export function blockItem(socket, { participant, name }) {
  const block = async () => {
    const sure = await confirm({
      title: words("block-title", { name }),
      text: words("block-text"),
      action: words("block-action", { name }),
    });
    if (!sure) return;
    await socket.command("person.block", { participant });
    announce(words("said-blocked", { name }));
  };
  return { label: words("block"), choose: () => void block().catch(tell) };
}
