import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PrintedProgram } from "../../stablehlo/index.ts";
import type { Addon, TensorHandle } from "../addon.ts";
import { crossingShape, type Platform, type SavedModel, savedModel, TAG } from "./savedModel.ts";

/** Models without kernels that are kept, the last used ones: a batch needs the program of the one before. */
const KEPT = 8;

/** A program in TensorFlow's hands. */
export interface Executable {
  /** Ids of the inputs, in order; they stay the caller's. The results are the caller's too. */
  run(inputs: readonly number[]): TensorHandle[];
}

interface Entry {
  readonly id: number;
  readonly model: SavedModel;
  users: number;
}

/** The models that an addon holds for one engine, by their text. */
export class Executables {
  private readonly addon: Addon;
  private readonly platform: Platform;
  private readonly entries = new Map<string, Entry>();

  constructor(addon: Addon, platform: Platform) {
    this.addon = addon;
    this.platform = platform;
  }

  /**
   * A printed program, compiled. XLA compiles when a model first runs, so it is run here, for one iteration of zeros.
   * Call `giveBack` when it is no longer used.
   */
  acquire(printed: PrintedProgram): { readonly executable: Executable; readonly giveBack: () => void } {
    const key = createHash("sha256").update(printed.text).digest("hex");
    const entry = this.entries.get(key) ?? this.load(printed);
    entry.users++;
    this.entries.delete(key);
    this.entries.set(key, entry);
    return {
      executable: { run: (inputs) => this.run(entry, inputs) },
      giveBack: () => {
        entry.users--;
        this.prune();
      },
    };
  }

  private load(printed: PrintedProgram): Entry {
    const { addon } = this;
    const model = savedModel(printed, this.platform);
    const folder = mkdtempSync(join(tmpdir(), `manychain-tensorflow-${process.pid}-`));
    let entry: Entry;
    try {
      writeFileSync(join(folder, "saved_model.pb"), model.bytes);
      entry = { id: addon.loadSavedModel(folder, TAG), model, users: 0 };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    try {
      this.compile(entry, printed);
      return entry;
    } catch (error) {
      addon.deleteSavedModel(entry.id);
      throw error;
    }
  }

  private compile(entry: Entry, printed: PrintedProgram): void {
    const { addon } = this;
    const zeros = printed.inputs.map((port) => {
      const shape = crossingShape(port);
      const values = new Int32Array(shape.reduce((a, b) => a * b, 1)).fill(port.role === "count" ? 1 : 0);
      return addon.createTensor(shape, addon.TF_INT32, values);
    });
    try {
      for (const { id } of this.run(entry, zeros)) addon.deleteTensor(id);
    } finally {
      for (const id of zeros) addon.deleteTensor(id);
    }
  }

  private run({ id, model }: Entry, inputs: readonly number[]): TensorHandle[] {
    return this.addon.runSavedModel(id, inputs, model.inputNames, model.outputNames);
  }

  private prune(): void {
    const idle = [...this.entries].filter(([, { users }]) => users === 0);
    for (const [key, { id }] of idle.slice(0, Math.max(0, idle.length - KEPT))) {
      this.entries.delete(key);
      this.addon.deleteSavedModel(id);
    }
  }
}
