/** Words that gates and reports share. */

/** `1`, `1 and 2`, `1, 2 and 3`; after `most` entries `1, 2, 3 and 5 more`. */
export function listed(entries: readonly (string | number)[], most = 6): string {
  const shown = entries.slice(0, most).map(String);
  const last = entries.length > most ? `${entries.length - most} more` : shown.pop();
  return shown.length === 0 ? (last ?? "") : `${shown.join(", ")} and ${last ?? ""}`;
}
