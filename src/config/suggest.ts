/**
 * The number of edits (insert, delete, replace, swap two neighbours) that turn `a` into `b`: the Damerau–Levenshtein
 * distance in its "optimal string alignment" form.
 */
export function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min(previous[j]! + 1, current[j - 1]! + 1, previous[j - 1]! + same);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) best = Math.min(best, before[j - 2]! + 1);
      current.push(best);
    }
    before = previous;
    previous = current;
  }
  return previous[b.length]!;
}

/**
 * The candidate that `word` was most likely meant to be, or `undefined` when none is close: at most a third of its
 * letters differ (case, and `-` for `_`, do not count), or one is the beginning of the other (three letters or more).
 */
export function didYouMean(word: string, candidates: readonly string[]): string | undefined {
  const plain = (text: string): string => text.toLowerCase().replaceAll(/[-_ ]/g, "_");
  const target = plain(word.slice(0, 100));
  let best: string | undefined;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    const other = plain(candidate);
    const begins = target.length >= 3 && other.length >= 3 && (other.startsWith(target) || target.startsWith(other));
    const limit = Math.max(1, Math.floor(Math.max(target.length, other.length) / 3));
    const distance = editDistance(target, other);
    if (distance < bestDistance && (distance <= limit || begins) && distance < other.length) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** `; did you mean "x"?`, or nothing when no candidate is close. */
export function suggestion(word: string, candidates: readonly string[]): string {
  const meant = didYouMean(word, candidates);
  return meant === undefined ? "" : `; did you mean ${JSON.stringify(meant)}?`;
}
