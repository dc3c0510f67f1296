/**
 * What goes by names that users give. A plain object also has what all objects have, so that `sizes["constructor"]` is a
 * function, and to give it `__proto__` changes what it is.
 */

/** The value of a record's own key, or undefined; never an inherited one. */
export function own<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

/** A record for any names; it inherits nothing. */
export function byNames<T>(entries: Readonly<Record<string, T>> = {}): Record<string, T> {
  return Object.assign(Object.create(null) as Record<string, T>, entries);
}
