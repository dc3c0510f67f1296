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

/** A model declaration, or the data given to it, is wrong (exit code 2). */
export class ModelError extends ConfigError {
  override name = "ModelError";
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

/** A worker died, ran out of memory or threw (exit code 1): what was stored before is kept. */
export class WorkerError extends ManychainError {
  override name = "WorkerError";
}
