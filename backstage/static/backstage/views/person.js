// A person's round picture: a photo, or initials on a colour that stays with the person.

const COLOURS = 8;

/** First letters of the first and the last name. @param {string} name */
export function initials(name) {
  const parts = name.trim().split(/\s+/).filter(Boolean);
  const picked = parts.length > 1 ? [parts[0], parts.at(-1)] : parts;
  return picked.map((part) => [...(part ?? "")][0]?.toLocaleUpperCase() ?? "").join("");
}

/** The same in the Backstage and at the Stage, where only the name is known. @param {string} name */
export function colour(name) {
  let hash = 0;
  for (const letter of name) hash = Math.imul(hash, 33) ^ (letter.codePointAt(0) ?? 0);
  return ((hash ^ (hash >>> 15)) >>> 0) % COLOURS;
}

/**
 * Draws into an `.avatar` element, only when something differs.
 *
 * @param {HTMLElement} element
 * @param {{ name: string, photo: string | null }} person
 */
export function draw(element, { name, photo }) {
  const drawn = JSON.stringify([name, photo]);
  if (element.dataset.drawn === drawn) return;
  element.dataset.drawn = drawn;
  for (const old of [...element.classList]) if (/^avatar--\d$/.test(old)) element.classList.remove(old);
  element.classList.add(`avatar--${colour(name)}`);
  if (!photo) {
    element.textContent = initials(name);
    return;
  }
  const image = new Image();
  image.alt = "";
  image.src = photo;
  image.onerror = () => {
    element.textContent = initials(name);
  };
  element.replaceChildren(image);
}
