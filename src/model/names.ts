/** What may be a name in a model: of data, parameters, quantities, dimensions. */
import { ModelError } from "../errors.ts";

/** Throws a ModelError where a name cannot be a variable in a config, a table and a file of draws. */
export function checkName(word: string, modelName: string): void {
  checkNotProto(word, modelName);
  if (!/^[\p{L}_][\p{L}\p{N}_]*$/u.test(word))
    throw new ModelError(`Model ${modelName}: ${JSON.stringify(word)} is no name: use letters, digits and _ alone.`);
}

/** Throws a ModelError for the one word that is no key of an object in JavaScript, nor in a config. */
export function checkNotProto(word: string, modelName: string): void {
  if (word === "__proto__")
    throw new ModelError(`Model ${modelName}: "__proto__" cannot be a name, since JavaScript has another use for it.`, {
      declared: word,
    });
}

/** Throws a ModelError for names of drawn quantities that files of draws keep for the sampler's columns, as Stan does. */
export function checkVariableName(word: string, modelName: string): void {
  checkNotProto(word, modelName);
  if (word.endsWith("__"))
    throw new ModelError(
      `Model ${modelName}: ${word} ends in two underscores, as the sampler's own columns do in files of draws: ` +
        "take another name.",
      { declared: word },
    );
}

/** `{ __proto__: normal(0, 1) }` has no key: it says what the object inherits. Throws a ModelError for such a record. */
export function checkOwnNames(record: object, modelName: string): void {
  const inherited = Object.getPrototypeOf(record) as object | null;
  // What a model's code gives to all objects is told by who loads it.
  if (inherited === null || inherited === Object.prototype) return;
  if (Object.keys(inherited).length > 0) checkNotProto("__proto__", modelName);
}
