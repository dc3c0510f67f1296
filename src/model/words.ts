import { Node } from "../graph/node.ts";

/** `a, b and c`; `nothing` for none. */
export function inWords(names: readonly string[]): string {
  if (names.length === 0) return "nothing";
  return names.length === 1 ? names[0]! : `${names.slice(0, -1).join(", ")} and ${names.at(-1)!}`;
}

/** `; did you mean mu?` where a candidate is close to the word, else `.` */
export function suggestion(word: string, candidates: readonly string[]): string {
  const limit = Math.max(1, Math.floor(word.length / 3));
  const close = candidates
    .map((candidate) => ({ candidate, distance: editDistance(word.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ distance }) => distance <= limit)
    .sort((a, b) => a.distance - b.distance)[0];
  return close === undefined ? "." : `; did you mean ${close.candidate}?`;
}

/** Levenshtein distance: letters to insert, delete or replace. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    row = next;
  }
  return row[b.length]!;
}

/** What a value is that should have been something else. */
export function inShort(value: unknown): string {
  if (value instanceof Node) return `a node, ${value.dtype}[${value.shape}]`;
  if (Array.isArray(value) || ArrayBuffer.isView(value)) return "a list";
  if (typeof value === "object" && value !== null) return "an object of another kind";
  return typeof value === "function" ? "a function" : String(value);
}
