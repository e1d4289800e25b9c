// The @name that is being typed: where it begins, what it begins with, and the text once it is chosen.

/** Of the server: what it looks for is no longer. */
const LONGEST = 40;
/** A name of more words is typed to its end without help. */
const MOST_WORDS = 4;
/** Of the server, too. */
const MOST_NAMED = 20;

/**
 * @param {string} text
 * @param {number} caret
 * @returns {{ start: number, beginning: string } | null}  `start`: of the @
 */
export function mentionAt(text, caret) {
  const start = text.lastIndexOf("@", caret - 1);
  if (start < 0 || /[\p{L}\p{N}\p{M}_]$/u.test(text.slice(0, start))) return null;
  const beginning = text.slice(start + 1, caret);
  if (/[\n\r]/.test(beginning) || /^\s/.test(beginning)) return null;
  if ([...beginning].length > LONGEST || beginning.split(/\s+/).length > MOST_WORDS) return null;
  return { start, beginning };
}

/**
 * With the name in place of its beginning.
 *
 * @param {string} text
 * @param {number} caret
 * @param {number} start  of the @
 * @param {string} name
 * @returns {{ text: string, caret: number }}
 */
export function completed(text, caret, start, name) {
  const after = text.slice(caret);
  const inserted = `@${name}${/^\s/.test(after) ? "" : " "}`;
  const to = start + inserted.length + (inserted.endsWith(" ") ? 0 : 1);
  return { text: text.slice(0, start) + inserted + after, caret: to };
}

/** Of those who were chosen whom the text still names, the last ones, each once. @param {string} text @param {Named[]} chosen @returns {Named[]} */
export function stillNamed(text, chosen) {
  const newest = new Map(chosen.map((each) => [each.person, each]));
  return [...newest.values()].filter(({ name }) => text.includes(`@${name}`)).slice(-MOST_NAMED);
}
