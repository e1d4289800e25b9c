// The event's chat beside a Stage, whoever plays it. The player and this know nothing of each other.

import { find } from "../backstage/page.js";
import { SIGNED_OUT } from "../backstage/protocol.js";
import { Conversation } from "./conversation.js";

const root = find("#chat-event");
const conversation = new Conversation(root, {
  changed: () => {},
  end: ({ code }) => {
    if (code === SIGNED_OUT) location.assign(root.dataset.chatSignIn ?? "/");
  },
});
conversation.show(true);
conversation.open();
addEventListener("pagehide", () => conversation.close());
// Coming back by the browser's Back button may show this page as it was left, without its line.
addEventListener("pageshow", (show) => {
  if (show.persisted) location.reload();
});
