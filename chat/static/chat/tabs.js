// A tab list: https://www.w3.org/WAI/ARIA/apg/patterns/tabs/

export class Tabs {
  /**
   * @param {HTMLElement} list
   * @param {(tab: HTMLElement) => void} chosen  the person chose it
   */
  constructor(list, chosen) {
    this.list = list;
    this.chosen = chosen;
    list.addEventListener("click", (press) => {
      const tab = /** @type {HTMLElement | null} */ (/** @type {Element} */ (press.target).closest("[role=tab]"));
      if (tab) chosen(tab);
    });
    list.addEventListener("keydown", (press) => this.#onKey(press));
  }

  /** @returns {HTMLElement[]} */
  get #tabs() {
    return [...this.list.querySelectorAll(/** @type {"button"} */ ("[role=tab]"))].filter((tab) => tab.checkVisibility());
  }

  /** @param {HTMLElement} chosen */
  select(chosen) {
    for (const tab of /** @type {NodeListOf<HTMLElement>} */ (this.list.querySelectorAll("[role=tab]"))) {
      tab.ariaSelected = String(tab === chosen);
      tab.tabIndex = tab === chosen ? 0 : -1;
    }
  }

  /** @param {KeyboardEvent} press */
  #onKey(press) {
    const tabs = this.#tabs;
    const here = tabs.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    const to = { ArrowRight: here + 1, ArrowLeft: here - 1, Home: 0, End: -1 }[press.key];
    if (here < 0 || to === undefined) return;
    press.preventDefault();
    const tab = tabs.at(to % tabs.length);
    if (!tab) return;
    tab.focus();
    this.chosen(tab);
  }
}
