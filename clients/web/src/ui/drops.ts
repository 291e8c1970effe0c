/**
 * Files that miss the place they were meant for must not take the page away: a browser opens what is dropped anywhere
 * else.
 */
export function keepDropsFromNavigating(): void {
  for (const kind of ["dragover", "drop"] as const) {
    addEventListener(kind, (event) => {
      if (event.defaultPrevented) return;
      event.preventDefault();
      if (event.dataTransfer !== null) event.dataTransfer.dropEffect = "none";
    });
  }
}
