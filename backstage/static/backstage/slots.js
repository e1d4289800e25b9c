// The places on screen.

/** Their numbers, as tiles and streams carry them. */
export const SLOTS = [1, 2, 3, 4, 5];
