// <nav data-scrolls>: a row that scrolls sideways where it does not fit. The page one is on is brought into view, and
// the edge behind which there is more says so (scrolling-rows.css).
//
// The row is scrolled by itself: scrollIntoView would also move a page that was opened at one of its parts.

/** Pixels: positions are rounded where a page is zoomed. */
const SLACK_PX = 1;

/** @param {Element} row */
function bringCurrentIntoView(row) {
  const current = row.querySelector("[aria-current=page]");
  if (!current || row.scrollWidth <= row.clientWidth) return;
  const [inner, outer] = [current.getBoundingClientRect(), row.getBoundingClientRect()];
  row.scrollLeft += inner.left + inner.width / 2 - (outer.left + outer.width / 2);
}

/** @param {Element} row */
function sayWhereMoreIs(row) {
  const most = row.scrollWidth - row.clientWidth;
  row.toggleAttribute("data-more-before", row.scrollLeft > SLACK_PX);
  row.toggleAttribute("data-more-after", row.scrollLeft < most - SLACK_PX);
}

for (const row of document.querySelectorAll("[data-scrolls]")) {
  bringCurrentIntoView(row);
  const say = () => sayWhereMoreIs(row);
  row.addEventListener("scroll", say, { passive: true });
  new ResizeObserver(say).observe(row);
  // Letters of another font are of another width.
  void document.fonts.ready.then(say);
}
