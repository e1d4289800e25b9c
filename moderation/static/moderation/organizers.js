// The entry of the Backstage page for organizers: with the panel and the ⋯ menus of the tiles. They need not ask, so
// nothing is measured for whoever would answer.

import { openBackstage } from "./page.js";
import { Panel } from "./panel.js";
import { TileMenus } from "./tile-menus.js";

openBackstage({
  moderate(socket) {
    const panel = new Panel(socket);
    const tileMenus = new TileMenus(socket);
    return {
      line: (up) => panel.line(up),
      render(room, requests, news) {
        panel.render(requests, room.tiles.length, news);
        tileMenus.render(room);
      },
    };
  },
});
