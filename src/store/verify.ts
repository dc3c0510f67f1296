/** Was a run reproduced? Compares digests, finds the first draw that differs, and reads and writes golden files. */
import type { Numbers } from "../draws.ts";
import { StoreError } from "../errors.ts";
import { withoutRole } from "./compare-manifest.ts";
import type { Digests } from "./digest.ts";
import { readBounded, writeAtomic } from "./files.ts";
import { asArray, asCount, asObject, asString, inside, type JsonObject, member, parseJson } from "./json.ts";
import { elements } from "./layout.ts";
import { quantityNames } from "./names.ts";
import type { ResultsReader } from "./reader.ts";
import { readRow, type SummaryRow } from "./summary.ts";

/** The first chain whose digest differs; chains beyond the shorter list differ. */
export interface DigestDifference {
  readonly chain: number;
  /** How many chains differ. */
  readonly chains: number;
}

/** Undefined where all chains have the same digests. */
export function compareDigests(a: Pick<Digests, "chains">, b: Pick<Digests, "chains">): DigestDifference | undefined {
  const differing: number[] = [];
  for (let chain = 0; chain < Math.max(a.chains.length, b.chains.length); chain++) {
    if (a.chains[chain] !== b.chains[chain]) differing.push(chain);
  }
  const [chain] = differing;
  return chain === undefined ? undefined : { chain, chains: differing.length };
}

/** The first draw that differs: of the lowest iteration, in it of the lowest chain. */
export interface DrawDifference {
  readonly chain: number;
  /** The iteration after warm-up, from 0. */
  readonly iteration: number;
  /** The first quantity that differs there; undefined where one run has no such draw. */
  readonly quantity?: string;
  readonly a?: number;
  readonly b?: number;
}

interface Found {
  readonly row: number;
  readonly draw: number;
  readonly element: number;
}

/** The first place, by draw and then by chain, where two arrays `[chain, draw, width]` differ in a bit. */
function firstPlace(
  [a, drawsOfA]: readonly [Numbers, number],
  [b, drawsOfB]: readonly [Numbers, number],
  chains: number,
  width: number,
): Found | undefined {
  for (let draw = 0; draw < Math.min(drawsOfA, drawsOfB); draw++) {
    for (let row = 0; row < chains; row++) {
      for (let element = 0; element < width; element++) {
        const [x, y] = [a[(row * drawsOfA + draw) * width + element], b[(row * drawsOfB + draw) * width + element]];
        if (!Object.is(x, y)) return { row, draw, element };
      }
    }
  }
  return undefined;
}

function checkComparable(a: ResultsReader, b: ResultsReader): void {
  const shape = ({ layout }: ResultsReader): string =>
    JSON.stringify([layout.variables.map(withoutRole), layout.batches, layout.keep ?? null]);
  if (shape(a) === shape(b)) return;
  throw new StoreError(
    `${a.directory} and ${b.directory} have other variables, batches, or kept draws: they are not of one config.`,
  );
}

/**
 * Finds the first draw in which two runs differ, or undefined. Draws that are not kept cannot be compared. A batch at a
 * time: memory does not grow with the number of batches.
 * @throws StoreError where the runs have other variables or batches
 */
export async function firstDifference(a: ResultsReader, b: ResultsReader): Promise<DrawDifference | undefined> {
  checkComparable(a, b);
  const step = a.layout.keep?.kind === "thinned" ? a.layout.keep.every : 1;
  let first: DrawDifference | undefined;
  const offer = (found: DrawDifference): void => {
    if (first === undefined || found.iteration < first.iteration) first = found;
  };
  for (const [batch, { firstChain, chains }] of a.layout.batches.entries()) {
    for (const variable of a.variables()) {
      const width = elements(variable);
      const selection = { batches: [batch] };
      const [x, y] = [await a.raw(variable.name, selection), await b.raw(variable.name, selection)];
      const draws = (values: Numbers): number => values.length / Math.max(1, chains * width);
      const place = firstPlace([x, draws(x)], [y, draws(y)], chains, width);
      if (place === undefined) continue;
      offer({
        chain: firstChain + place.row,
        iteration: place.draw * step,
        quantity: quantityNames(variable, a.layout.coordinates)[place.element] ?? variable.name,
        a: x[(place.row * draws(x) + place.draw) * width + place.element]!,
        b: y[(place.row * draws(y) + place.draw) * width + place.element]!,
      });
    }
    const [inA, inB] = [a.perBatch.sampling[batch] ?? 0, b.perBatch.sampling[batch] ?? 0];
    if (inA !== inB) offer({ chain: firstChain, iteration: Math.min(inA, inB) });
  }
  return first;
}

const GOLDEN_FORMAT = "manychain golden 1";
const MAX_GOLDEN = 64 * 2 ** 20;

/** What is committed to check that a config still gives the same draws. */
export interface Golden {
  /** `hashes.config` of run.json. */
  readonly config: string;
  /** Name, precision and so on, as in run.json. */
  readonly engine: JsonObject;
  readonly digests: Digests;
  readonly summary: readonly SummaryRow[];
}

/** Writes a golden file by one rename. */
export async function writeGolden(file: string, golden: Golden): Promise<void> {
  await writeAtomic(file, `${JSON.stringify({ format: GOLDEN_FORMAT, ...golden }, null, 2)}\n`);
}

/** Reads a golden file. @throws StoreError if it is missing, damaged, or something else */
export async function readGolden(file: string): Promise<Golden> {
  const bytes = await readBounded(file, MAX_GOLDEN);
  if (bytes === undefined) {
    throw new StoreError(`${file}: there is no such golden file. Check the path, or write one with verify.`);
  }
  const document = parseJson(bytes.toString("utf8"), file);
  const place = { file, key: "" };
  if (member(document, "format") !== GOLDEN_FORMAT) {
    throw new StoreError(`${file} is not a golden file of this version: expected the format "${GOLDEN_FORMAT}".`);
  }
  const at = inside(place, "digests");
  const digests = asObject(member(document, "digests"), at);
  const list = (key: string): readonly unknown[] => asArray(member(digests, key), inside(at, key));
  const chains = list("chains").map((digest, i) => asDigest(digest, inside(inside(at, "chains"), i)));
  const draws = list("draws").map((count, i) => asCount(count, inside(inside(at, "draws"), i)));
  if (chains.length !== draws.length)
    throw new StoreError(`${file}: digests of ${chains.length} chains, draws of ${draws.length}.`);
  const rows = asArray(member(document, "summary"), inside(place, "summary"));
  return {
    config: asString(member(document, "config"), inside(place, "config")),
    engine: asObject(member(document, "engine"), inside(place, "engine")),
    digests: { run: asDigest(member(digests, "run"), inside(at, "run")), chains, draws },
    summary: rows.map((row, index) => readRow(asObject(row, inside(inside(place, "summary"), index)))),
  };
}

function asDigest(value: unknown, place: { readonly file: string; readonly key: string }): string {
  const text = asString(value, place);
  if (/^[0-9a-f]{64}$/.test(text)) return text;
  throw new StoreError(`${place.file}: ${place.key}: expected a SHA-256 of 64 hexadecimal digits.`);
}
