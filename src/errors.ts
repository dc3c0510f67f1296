/**
 * The error tree. Every error that a user can cause says what was expected, what was found, where, and what to do;
 * the command line maps each class to its exit code and prints only the message.
 */
export class ManychainError extends Error {
  /** The process exit code that the command line ends with. */
  readonly exitCode: number = 1;
  override name = "ManychainError";
}

/** A config, an option, an argument or a data file is wrong (exit code 2). */
export class ConfigError extends ManychainError {
  override readonly exitCode: number = 2;
  override name = "ConfigError";
}

/** What a model was given, beside its declaration: all data, or one of them by name; the same of labels, options, values. */
export interface Given {
  readonly kind: "data" | "coordinates" | "options" | "values";
  readonly name?: string;
}

/** The option of a ModelError that is about something given. */
export function about(kind: Given["kind"], name?: string): { readonly given: Given } {
  return { given: { kind, ...(name !== undefined && { name }) } };
}

/** A model declaration, or what was given to the model, is wrong (exit code 2). */
export class ModelError extends ConfigError {
  override name = "ModelError";
  /** What of the given is wrong, where that is known: a config then says where it stands. */
  readonly given?: Given;
  /** What the declaration names wrongly, where that is known: a model's file then says where it stands. */
  readonly declared?: string;

  constructor(
    message: string,
    options: { readonly given?: Given; readonly declared?: string; readonly cause?: unknown } = {},
  ) {
    super(message, "cause" in options ? { cause: options.cause } : undefined);
    if (options.given !== undefined) this.given = options.given;
    if (options.declared !== undefined) this.declared = options.declared;
  }
}

/** No starting point with a finite log density and gradient, or no step size to begin with, was found (exit code 2). */
export class InitializationError extends ConfigError {
  override name = "InitializationError";
}

/** A results folder cannot be written, or what lies in it cannot be read (exit code 2). */
export class StoreError extends ManychainError {
  override readonly exitCode: number = 2;
  override name = "StoreError";
}

/** A repeated run gave other draws (exit code 4). */
export class ReproductionError extends ManychainError {
  override readonly exitCode: number = 4;
  override name = "ReproductionError";
}

/** An engine, its library or its device is missing or too old (exit code 5). */
export class EngineError extends ManychainError {
  override readonly exitCode: number = 5;
  override name = "EngineError";
}

/** A worker died, ran out of memory or threw (exit code 1; 2 where a user's code did it): what was stored before is kept. */
export class WorkerError extends ManychainError {
  override readonly exitCode: number;
  override name = "WorkerError";
  /** It was the model's code, and not ours. */
  readonly isUsers: boolean;

  constructor(message: string, options: { readonly cause?: unknown; readonly isUsers?: boolean } = {}) {
    super(message, "cause" in options ? { cause: options.cause } : undefined);
    this.isUsers = options.isUsers ?? false;
    this.exitCode = this.isUsers ? 2 : 1;
  }
}
