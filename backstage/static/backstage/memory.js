// What this browser, or this tab of it, remembers. Storage may be forbidden: then nothing is remembered, and the page
// works as for somebody who comes for the first time.

class Memory {
  #storage;

  /** @param {() => Storage} storage  asked for each time: where it is forbidden, its very name throws */
  constructor(storage) {
    this.#storage = storage;
  }

  /** @param {string} key @returns {string | null} */
  recall(key) {
    try {
      return this.#storage().getItem(key);
    } catch {
      return null;
    }
  }

  /** What was remembered as JSON; null also for what is none, whoever wrote it there. @param {string} key */
  recallObject(key) {
    try {
      const found = JSON.parse(this.recall(key) ?? "null");
      return typeof found === "object" ? found : null;
    } catch {
      return null;
    }
  }

  /** @param {string} key @param {string | null} value  null: forget it */
  remember(key, value) {
    try {
      if (value === null) this.#storage().removeItem(key);
      else this.#storage().setItem(key, value);
    } catch {
      // As said above.
    }
  }
}

export const thisBrowser = new Memory(() => localStorage);
export const thisTab = new Memory(() => sessionStorage);
