// A person's round picture: a photo, or initials on a colour that stays with the person.

/** First letters of the first and the last name. @param {string} name */
function initials(name) {
  const parts = name.trim().split(/\s+/).filter(Boolean);
  const picked = parts.length > 1 ? [parts[0], parts.at(-1)] : parts;
  return picked.map((part) => [...(part ?? "")][0]?.toLocaleUpperCase() ?? "").join("");
}

/**
 * Draws into an `.avatar` element, only when something differs.
 *
 * @param {HTMLElement} element
 * @param {{ name: string, photo: string | null, colour: number }} person
 */
export function draw(element, { name, photo, colour }) {
  const drawn = JSON.stringify([name, photo, colour]);
  if (element.dataset.drawn === drawn) return;
  element.dataset.drawn = drawn;
  for (const old of [...element.classList]) if (/^avatar--\d$/.test(old)) element.classList.remove(old);
  element.classList.add(`avatar--${colour}`);
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
