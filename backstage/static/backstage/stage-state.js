// What the Stage page knows, as a pure function of what it was told.

/**
 * @param {Aired | null} aired
 * @param {BackstageWire.AnyNotice} notice
 * @returns {Aired | null}
 */
export function reduceStage(aired, notice) {
  if (notice.type === "stage.snapshot") {
    const { layout, watching, on_screen, shown } = notice.body;
    return { revision: notice.revision ?? null, layout, watching, onScreen: on_screen, shown };
  }
  // What comes before the first snapshot is in it.
  if (!aired) return null;
  if (notice.revision !== undefined && aired.revision !== null && notice.revision <= aired.revision) return aired;
  const revision = notice.revision ?? aired.revision;
  switch (notice.type) {
    case "layout.aired":
      return { ...aired, revision, layout: notice.body.layout };
    case "watching.changed":
      return { ...aired, revision, watching: notice.body.watching };
    case "guard.changed":
      return { ...aired, onScreen: notice.body.on_screen };
    default:
      return aired;
  }
}
