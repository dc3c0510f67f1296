/**
 * The options of a run, each declared once: its type, default, range and one sentence. From this one table come the
 * validation, the error texts ("expected <range>"), the JSON Schema, the TypeScript types (types.ts) and the tables of
 * docs/configuration.md. Imports nothing of ours but option.ts, samplers.ts and drawsOption.ts, which belong to it.
 */
import { z } from "zod";
import { draws } from "./drawsOption.ts";
import { integer, integers, MANY, oneOf, option } from "./option.ts";
import { ESS } from "./rules.ts";
import { sampler, samplerNames } from "./samplers.ts";

const text = z.string().min(1).meta({ range: "text" });
const number = z.number().meta({ range: "a finite number" });
const optionValue = z
  .union([z.string(), z.number(), z.boolean(), z.null()])
  .meta({ range: "text, a number, true, false or null" });
const label = z.union([text, number]).meta({ range: "text or a number" });
const numbers1 = z.array(number).min(1);
const numbers2 = z.array(numbers1).min(1);
const numbers3 = z.array(numbers2).min(1);
const engines = ["wasm", "reference", "tensorflow", "xla", "auto"] as const;
const precisions = ["float32", "float64", "auto"] as const;
const keeps = ["draws", "thinned", "moments"] as const;

const standardize = option(z.boolean().default(false), {
  range: "true or false",
  sentence: "Subtract each column's mean and divide by its population standard deviation.",
});
const csvFile = option(text, {
  range: "the path of a CSV file",
  sentence: "A CSV file with a header line, relative to the config file.",
});
const csvColumn = z
  .strictObject({
    csv: csvFile,
    column: option(text, {
      range: "the name of a column",
      sentence: "The column to read, as a vector.",
    }),
    map: option(z.record(z.string(), number).optional(), {
      range: "a mapping from cell texts to numbers",
      sentence: "The number that each text of the column stands for.",
    }),
    factor: option(z.boolean().optional(), {
      range: "true or false",
      sentence:
        "Number the column's texts from 0, in sorted order: an `index`, whose texts label the dimension that it points into.",
    }),
    levels: option(z.array(label).min(1).optional(), {
      range: "a list of texts or numbers",
      sentence: "The texts of a factor in the order in which they are numbered, also those that no row has.",
    }),
    standardize,
  })
  .meta({ title: "CsvColumn", description: "One column of a CSV file, as a vector." });
const csvMatrix = z
  .strictObject({
    csv: csvFile,
    columns: option(z.union([z.literal("all"), z.array(text).min(1)]).default("all"), {
      range: "all, or a list of column names",
      sentence: "The columns to read, in this order, as a matrix with one row a line.",
    }),
    except: option(z.array(text).default([]), {
      range: "a list of column names",
      sentence: "Columns to leave out.",
    }),
    standardize,
    intercept: option(z.boolean().default(false), {
      range: "true or false",
      sentence: "Append a last column of ones, named `intercept` (never standardised).",
    }),
  })
  .meta({ title: "CsvMatrix", description: "Columns of a CSV file, as a matrix." });
const jsonSource = z
  .strictObject({
    json: option(text, {
      range: "the path of a JSON file",
      sentence: "A JSON file, relative to the config file.",
    }),
    key: option(text.optional(), {
      range: "a key of the file's object",
      sentence: "The key to read; without it the file is one number or (nested) array.",
    }),
  })
  .meta({ title: "JsonSource", description: "A number or (nested) array in a JSON file." });
const dataEntry = z.union([z.number(), numbers1, numbers2, numbers3, csvColumn, csvMatrix, jsonSource]).meta({
  title: "DataEntry",
  range: "a number, (nested) lists of numbers, { csv, column }, { csv, columns } or { json, key }",
});

const startValue = z.union([z.number(), numbers1, numbers2]).meta({ range: "a number or (nested) lists of numbers" });
const uniformInit = z.strictObject({
  uniform: option(z.number().gt(0).max(100), {
    range: "a number above 0, at most 100",
    sentence: "Start uniformly in (−r, r) in every unconstrained dimension.",
  }),
});
const valueInit = z.strictObject({
  value: option(z.number(), {
    range: "a finite number",
    sentence: "Start every unconstrained dimension at this value.",
  }),
});
const namedInit = z.strictObject({
  values: option(z.record(z.string(), startValue), {
    range: "a mapping from parameter names to constrained values",
    sentence: "Start at these constrained values, by parameter name.",
  }),
});
const inits = [
  uniformInit.meta({ title: "UniformInit" }),
  valueInit.meta({ title: "ValueInit" }),
  namedInit.meta({ title: "NamedInit" }),
] as const;
const init = z.union(inits).meta({ title: "Init" });

const gateOptions = z
  .strictObject({
    rhat: option(z.number().gt(1).max(10).default(1.01), {
      range: "a number above 1, at most 10",
      sentence: "Every quantity's R-hat must be below this.",
    }),
    ess_bulk: option(z.number().min(0).max(MANY).default(ESS), {
      range: `a number from 0 to ${MANY}`,
      sentence: "Every quantity's bulk effective sample size must be above this.",
    }),
    ess_tail: option(z.number().min(0).max(MANY).default(ESS), {
      range: `a number from 0 to ${MANY}`,
      sentence: "Every quantity's tail effective sample size must be above this.",
    }),
    divergences: option(z.number().min(0).max(1).default(0.01), {
      range: "a fraction from 0 to 1",
      sentence: "At most this fraction of all draws (after warm-up) may be divergent.",
    }),
    nested_rhat: option(z.number().gt(1).max(10).default(1.01), {
      range: "a number above 1, at most 10",
      sentence: "With superchains: every quantity's nested R-hat must be below this.",
    }),
    precision: option(z.number().gt(0).max(MANY).default(0.1), {
      range: `a number above 0, at most ${MANY}`,
      sentence:
        "In float32: at most this much may a difference of log densities err, and a gradient or a quantity relative to its size; looked at in float64 at some states.",
    }),
    quantities: option(z.union([z.literal("all"), z.array(text).min(1)]).default("all"), {
      range: "all, or a list of names of the model's quantities",
      sentence:
        "The quantities that R-hat and effective sample sizes are asked of; a name stands for all its elements.",
    }),
  })
  .meta({ title: "Gates", description: "When a run counts as converged." });

const runName = z.string().regex(/^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,99}$/u);
const seed = z.string().refine((digits) => /^\d{1,20}$/.test(digits) && BigInt(digits) < 2n ** 64n);

/** The schema of a config. Its shape in TypeScript is `Config` (what may be written) and `ResolvedConfig`. */
export const configSchema: z.ZodType = z
  .strictObject({
    extends: option(text.optional(), {
      range: "the path of a config file",
      consumed: true,
      sentence: "A config that this one is merged over, relative to this file; mappings merge, all else replaces.",
    }),
    name: option(runName.optional(), {
      range: "a name of letters, digits, spaces, dots, - and _ (at most 100)",
      computed: "the file's base name",
      sentence: "The run's name, and its folder under `output`.",
    }),
    model: option(text, {
      range: "the name of a shipped model, or a path such as ./my-model.ts",
      sentence:
        "A shipped model by name, or a .ts or .js file relative to this file, with `#export` for a named export.",
    }),
    options: option(z.record(z.string(), optionValue).default({}), {
      range: "a mapping from names to texts, numbers, true, false or null",
      sentence: "What a model that is made by a function is made with (such as `parametrization: noncentred`).",
    }),
    data: option(z.record(z.string(), dataEntry).default({}), {
      range: "a mapping from the model's data names to sources",
      sentence: "Where each data entry that the model declares comes from.",
    }),
    coordinates: option(z.record(z.string(), z.array(label).min(1)).default({}), {
      range: "a mapping from dimension names to lists of labels",
      sentence: "Labels of named dimensions, texts or numbers; they win over the column names of a CSV file.",
    }),
    chains: option(integer(1, MANY).default(64), { range: integers(1, MANY), sentence: "The number of chains." }),
    batches: option(integer(1, MANY).optional(), {
      range: integers(1, MANY),
      computed: "as few as hold at most 64 chains each",
      sentence:
        "How many batches the chains are split into, as evenly as they go; the chains of a batch adapt together.",
    }),
    warmup: option(integer(0, MANY).optional(), {
      range: integers(0, MANY),
      computed: "200 for chees, 1000 for hmc and nuts",
      sentence: "Warm-up iterations of each chain; below 20 the metric is not adapted.",
    }),
    draws: option(draws, {
      range: `${integers(1, MANY)}, or { until, check, max }`,
      sentence: "Draws of each chain after warm-up: a number, or until a rule is met.",
    }),
    seed: option(seed.default("0"), {
      range: "an integer from 0 to 18446744073709551615",
      spelling: { type: "integer", minimum: 0 },
      sentence: "The seed of all randomness.",
    }),
    sampler: option(sampler, {
      range: oneOf(samplerNames),
      spelling: { enum: [...samplerNames] },
      sentence: "How chains move: a name, or a mapping with `name` and its options.",
    }),
    init: option(init.default({ uniform: 2 }), {
      range: "one of { uniform: r }, { value: c } or { values: { … } }",
      sentence: "Where chains start.",
    }),
    superchains: option(integer(2, MANY).optional(), {
      range: "an integer of at least 2 that divides chains",
      sentence: "Start the chains of each of this many groups at one point, for nested R-hat.",
    }),
    engine: option(z.enum(engines).default("wasm"), {
      range: oneOf(engines),
      sentence:
        "What runs the compiled transition; `auto` takes a GPU where there is one and batches are large, else `wasm`.",
    }),
    device: option(z.union([z.literal("all"), integer(0, 1023)]).optional(), {
      range: "all, or an integer from 0 to 1023",
      sentence:
        "Which of the devices of engine `xla` computes, from 0, or `all`, one a worker; without it the first. Never changes the draws.",
    }),
    fast: option(z.boolean().default(false), {
      range: "true or false",
      sentence:
        "Let engine `wasm` round once where it multiplies and then adds: faster, and other draws than without; the same ones on every processor that can (nearly all since 2013).",
    }),
    wide: option(z.boolean().default(true), {
      range: "true or false",
      sentence:
        "Let engine `wasm` compute with vectors of 256 bits, where Node (24 or later) and processor have them; never changes the draws.",
    }),
    precision: option(z.enum(precisions).default("auto"), {
      range: oneOf(precisions),
      sentence:
        "The floating-point precision of the chains; `auto` takes float32 where data, bounds and the log density at first states fit it, else float64. Adaptation and diagnostics are always float64.",
    }),
    workers: option(z.union([z.literal("auto"), integer(1, 1024)]).default("auto"), {
      range: "auto, or an integer from 1 to 1024",
      sentence:
        "Threads that compute: one for each batch, and on `wasm` those left over help with the chains of a batch; never changes the draws.",
    }),
    block: option(integer(1, 100_000).default(100), {
      range: integers(1, 100_000),
      sentence: "Iterations that are computed, streamed and stored together; never changes the draws.",
    }),
    keep: option(z.enum(keeps).default("draws"), {
      range: oneOf(keeps),
      sentence: "Keep all draws, or every `thin`-th, or none; where not all are kept, exact moments of all are.",
    }),
    thin: option(integer(2, MANY).default(10), { range: integers(2, MANY), sentence: "One draw in so many is kept." }),
    warmup_draws: option(z.boolean().default(false), {
      range: "true or false",
      sentence: "Also store the draws and statistics of warm-up.",
    }),
    unconstrained: option(z.boolean().default(false), {
      range: "true or false",
      sentence: "Also store the unconstrained draws.",
    }),
    gates: option(z.union([z.literal(false), gateOptions]).prefault({}), {
      range: "false, or a mapping of limits",
      sentence: "The limits that a run must meet, or it ends with exit code 3; `false` turns them off.",
    }),
    output: option(text.default("results"), {
      range: "the path of a folder",
      sentence: "The folder for results, relative to the current directory.",
    }),
  })
  .meta({ title: "Config", description: "A run of manychain." });
