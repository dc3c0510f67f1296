import { alternatives, type SchemaNode, schemaTree } from "./describe.ts";
import { defaultText } from "./typescript.ts";

type Row = readonly [option: string, fallback: string, range: string, sentence: string];

const HEAD: Row = ["option", "default", "range", "what it does"];
const cell = (text: string): string => text.replaceAll("|", "\\|");

function rows(node: SchemaNode, prefix: string): Row[] {
  return Object.entries(node.properties ?? {})
    .filter(([, option]) => option.const === undefined)
    .map(([key, option]) => {
      const required = node.required?.includes(key) ? "required" : "–";
      const value = defaultText(option);
      const fallback = value === "" ? required : option.computed === undefined ? `\`${value}\`` : value;
      return [`\`${prefix}${key}\``, cell(fallback), cell(option.range ?? ""), cell(option.description ?? "")];
    });
}

/** A Markdown table with aligned columns, as the formatter wants it. */
function markdown(body: readonly Row[]): string {
  const widths = HEAD.map((_, i) => Math.max(...[HEAD, ...body].map((row) => row[i]!.length)));
  const line = (cells: readonly string[], fill: string): string => {
    return `| ${cells.map((text, i) => text.padEnd(widths[i]!, fill)).join(" | ")} |`;
  };
  return [line(HEAD, " "), line(["", "", "", ""], "-"), ...body.map((row) => line(row, " "))].join("\n");
}

function table(node: SchemaNode, prefix = ""): string {
  return markdown(rows(node, prefix));
}

/** All options as one Markdown table: option, default, range, sentence. */
export function optionsTable(): string {
  const root = schemaTree("input");
  const nested = Object.entries(root.properties ?? {}).flatMap(([key, option]) => {
    const inner = key === "data" ? option.additionalProperties || {} : option;
    const prefix = key === "data" ? "data.<name>." : `${key}.`;
    return alternatives(inner).flatMap((each) => rows(each, prefix));
  });
  const distinct = new Map(nested.map((row) => [row.join("|"), row]));
  return markdown([...rows(root, ""), ...distinct.values()]);
}

function titled(title: string): SchemaNode {
  const root = schemaTree("input").properties ?? {};
  const all = Object.values(root).flatMap((option) =>
    [option, option.additionalProperties || option].flatMap(alternatives),
  );
  const found = all.find((node) => node.title === title);
  if (found === undefined) throw new RangeError(`the schema has no part with the title ${title}`);
  return found;
}

const INTRODUCTION = `# Configuration

<!-- Generated from src/config/schema.ts (npx vitest run test/config/documents.test.ts -u); do not edit. -->

A run is one document: a YAML file, a JSON file (by its ending), or the argument of \`run(config)\` in TypeScript, with
the same keys. Only \`model\` is required. \`manychain config check FILE\` checks a file, \`config print FILE\` shows it with
all defaults filled in, and \`config schema\` prints the JSON Schema that editors use.

\`\`\`yaml
model: sparse-logistic-regression
data:
  x: { csv: data/breast_cancer.csv, columns: all, except: [target], standardize: true }
  y: { csv: data/breast_cancer.csv, column: target }
\`\`\``;

const options = (): string => `## Options

${table(schemaTree("input"))}

Never changing the draws: \`name\`, labels in \`coordinates\`, \`device\`, \`workers\`, \`block\`, \`keep\`, \`thin\`, \`warmup_draws\`,
\`unconstrained\`, \`gates\` and \`output\`. All other options are part of the config's hash.`;

const LAYERS = `## Layers

1. the files named by \`extends\`, the innermost first;
2. the config file itself;
3. \`--set option.name=value\`, in order; the value is YAML (\`--set sampler.steps=10\`, \`--set gates=false\`);
4. options of the command line such as \`--seed\`.

Mappings merge key by key and everything else replaces, with one exception: a mapping that chooses another alternative (a
sampler of another \`name\`, \`init\` with another key, a data entry from \`json\` instead of \`csv\`) replaces the one below.
Paths of models and data are relative to the file that they are written in; in \`--set\`, to the current directory.`;

const samplers = (): string => `## sampler

A bare name (\`sampler: hmc\`) stands for the sampler with its defaults.

### chees

${titled("CheesSampler").description} It needs at least 4 chains in every batch, and works best from 16 up.

${table(titled("CheesSampler"), "sampler.")}

### hmc

${titled("HmcSampler").description}

${table(titled("HmcSampler"), "sampler.")}

### nuts

${titled("NutsSampler").description}

${table(titled("NutsSampler"), "sampler.")}

\`warmup: 0\` is possible only where nothing is adapted: \`{ name: hmc, step_size: <number>, metric: unit }\`.`;

const BATCHES = `## batches

Chains are split into batches as evenly as they go, larger ones first: 100 chains in 3 batches are 34, 33 and 33. The
split depends on the config alone, never on the machine, so the draws are the same for any number of workers.

On engine \`wasm\` no processor stays idle for want of batches: with \`workers: 8\` and 2 batches, each batch is computed by a
worker and three helpers, which take some of its chains each, once it is plain that the run is longer than a few tenths of a
second. Neither how many there are nor when they come changes a draw. \`workers: 1\` keeps a run to one processor.`;

const until = (): string => `## draws

A number, or a rule, so that the run ends when it is enough: \`draws: { until: { rhat: 1.01, ess: 1000 }, check: 100, max: 10000 }\`.

${table(titled("DrawsUntil"), "draws.")}

${table(titled("DrawsUntil").properties?.["until"] ?? {}, "draws.until.")}

The rule is checked over the draws of all chains, when every batch has the same number of them. So where a run ends, and
its draws, are the same for any number of workers. With gates on, a rule that is not met after \`max\` draws is a failed gate,
\`until\`.`;

const dataEntries = (): string => `## data

An entry is a number, nested lists of numbers (\`[[1, 2], [3, 4]]\` has the shape 2 × 2), or one of these.

### A column of a CSV file: a vector

${table(titled("CsvColumn"), "data.<name>.")}

A factor, \`{ csv: homes.csv, column: county, factor: true }\`, is for data that the model declares as
\`index("county", "home")\`: its texts label the dimension \`county\` and say how long it is, so that the results have
\`a[Anoka]\`. Levels are sorted as R sorts them in the C locale: numbers by their size where all are numbers, else texts by
Unicode code points; \`levels: [Dakota, Anoka]\` gives another order. Where \`coordinates\` or another factor label the same
dimension, the labels must be the same, in the same order.

Separators are commas, decimal marks are points. A column without a name (row numbers of R's \`write.csv\` and pandas'
\`to_csv\`, a comma at the end of each line) is no hindrance: it just cannot be asked for, nor with \`columns: all\`.

### Columns of a CSV file: a matrix

${table(titled("CsvMatrix"), "data.<name>.")}

Column names become the labels of the matrix's second dimension; where all of them are numbers, so are the labels.

### A JSON file

${table(titled("JsonSource"), "data.<name>.")}

Data must be finite: an empty cell, \`NaN\` or an infinity is an error that names the row and the column.`;

const inits = (): string => `## init

${markdown(["UniformInit", "ValueInit", "NamedInit"].flatMap((title) => rows(titled(title), "init.")))}`;

const PRECISION = `## precision

float32 has 24 bits: about seven digits, and half the time of float64. \`auto\` takes it where it is enough, by a rule that looks
at the config, the model and the data, and never at the machine:

1. Data, bounds of parameters and starting values: float64 where rounding errs by more than a thousandth of their standard
   deviation (of a column; of a uniform distribution between two bounds), or where of more than a tenth of the different numbers
   float32 makes others that are there already.
2. The log density at starting points: float64 where differences of it err by more than 0.05 in float32. Starting points may be
   so far out that their rounding says little: then L-BFGS climbs from some of them in float64, and the places near the top are
   judged.

Which of the two it took, and why, is in the run's first lines, run.json and the reports; everywhere else the run has that
precision as if it had been written. An engine that has one precision only has that: \`reference\` float64, the eager route of
\`tensorflow\` float32. Where float32 is asked for, what the first rule finds is a warning with its place.

During a run in float32 some of its own states (up to 64 chains of a batch, at four or more times of equal distance, the last draw
among them, all as far as blocks end there) are evaluated in float64 as well. The gate \`precision\` fails where one of three errors
is above \`gates.precision\`: of a difference of log densities, which decides whether a proposal is taken; of a coordinate of the
gradient, relative to its size; of a quantity, relative to its standard deviation. A run in float64 is not asked.`;

const gates = (): string => `## gates

${table(titled("Gates"), "gates.")}`;

/** The page docs/configuration.md. */
export function configurationPage(): string {
  const sections = [
    INTRODUCTION,
    options(),
    LAYERS,
    samplers(),
    BATCHES,
    until(),
    dataEntries(),
    inits(),
    PRECISION,
    gates(),
  ];
  return `${sections.join("\n\n")}\n`;
}
