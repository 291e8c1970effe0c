/** A size for people: 1,023 B, 1.5 KB, 12 MB. */
export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  const units = ["KB", "MB", "GB", "TB"];
  let size = bytes / 1024;
  let unit = 0;
  while (size >= 1000 && unit < units.length - 1) {
    size /= 1024;
    unit++;
  }
  return `${size < 10 ? size.toFixed(1) : size.toFixed(0)} ${units[unit] ?? ""}`;
}

const RELATIVE = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
const ABSOLUTE = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "short" });

/** How long ago something was: "5 minutes ago"; other devices may have written what is no time. */
export function formatAgo(then: number, now: number = Date.now()): string {
  const seconds = Math.round((then - now) / 1000);
  if (!Number.isFinite(seconds)) return "at an unknown time";
  if (Math.abs(seconds) < 45) return "just now";
  const steps: [Intl.RelativeTimeFormatUnit, number][] = [
    ["minute", 60],
    ["hour", 3600],
    ["day", 86_400],
    ["month", 2_629_800],
    ["year", 31_557_600],
  ];
  let [unit, size] = steps[0] ?? ["minute", 60];
  for (const [larger, length] of steps)
    if (Math.abs(seconds) >= length) [unit, size] = [larger, length];
  return RELATIVE.format(Math.round(seconds / size), unit);
}

/** A moment in full; text that is no time is shown as it is. */
export function formatTime(time: number | string): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? String(time) : ABSOLUTE.format(date);
}

/** Characters that would show a name as another one than it is: controls, changes of direction, halves of characters. */
const DECEPTIVE = /[\p{Cc}\p{Cs}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu;

/** A name from a tree, which may hold anything, for people to read. */
export function shownName(name: string): string {
  if (name === "") return "(no name)";
  return name.replaceAll(DECEPTIVE, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return `⟨U+${code.toString(16).toUpperCase().padStart(4, "0")}⟩`;
  });
}

/** The part of a hash that people compare. */
export const shortHash = (hash: string): string => hash.slice(0, 10);

/** "1 file", "2 files"; a noun that forms its plural otherwise brings it along. */
export const plural = (count: number, noun: string, nouns = `${noun}s`): string =>
  `${count.toLocaleString("en")} ${count === 1 ? noun : nouns}`;
