// What the Backstage page knows, as a pure function of what it was told: snapshot + notices = the next snapshot.

/**
 * The room after one notice more; the same object if the notice changes nothing.
 *
 * @param {Room | null} room
 * @param {BackstageWire.AnyNotice} notice
 * @param {number} now  performance.now() when the notice came
 * @returns {Room | null}
 */
export function reduce(room, notice, now) {
  if (notice.type === "backstage.snapshot") {
    const { show, ...rest } = notice.body;
    const revision = notice.revision ?? null;
    return { ...rest, show: clocked(show, now), talking: room?.talking ?? [], revision, meAsOf: revision };
  }
  // What comes before the first snapshot is in it.
  if (!room) return null;
  if (notice.revision !== undefined && room.revision !== null && notice.revision <= room.revision) return room;
  const revision = notice.revision ?? room.revision;
  switch (notice.type) {
    case "tiles.changed":
      return { ...room, revision, tiles: notice.body.tiles };
    case "show.changed":
      return { ...room, revision, show: clocked(notice.body.show, now) };
    case "people.changed":
      return { ...room, revision, people: notice.body.people, watching: notice.body.watching };
    case "me.changed": {
      const { as_of, ...me } = notice.body;
      // Sent after its transaction, as all notices are, so an older one may come behind a newer one.
      if (room.meAsOf !== null && as_of < room.meAsOf) return room;
      return { ...room, revision, me: { ...room.me, ...me }, meAsOf: as_of };
    }
    case "talking.changed":
      return { ...room, revision, talking: notice.body.slots };
    default:
      return room;
  }
}

/** @param {BackstageWire.Show} show @param {number} now @returns {ShowClock} */
function clocked(show, now) {
  return {
    state: show.state,
    delayS: show.delay_s,
    onAirAt: show.on_air_in_ms === null ? null : now + show.on_air_in_ms,
    liveSince: show.live_for_ms === null ? null : now - show.live_for_ms,
    offAirAt: show.off_air_in_ms === null ? null : now + show.off_air_in_ms,
  };
}

/** My own place on screen, if I have one: my camera's, also while my screen stands in it. @param {Room} room */
export function myTile(room) {
  return room.tiles.find(
    (tile) => tile.participant === room.me.participant && (tile.kind === "camera" || tile.replaces_camera),
  );
}

/** My screen's tile, in a place of its own or in my camera's. @param {Room} room */
export function myScreen(room) {
  return room.tiles.find((tile) => tile.participant === room.me.participant && tile.kind === "screen");
}
