/** The package as a model's file imports it: what it does not export is an error that says what was meant, in that line. */
import { suggestion } from "../config/suggest.ts";
import { ModelError } from "../errors.ts";
import { distributionNames } from "../model/distributionNames.ts";

/** Names that a loader asks of any module. */
const ASKED_BY_LOADERS: ReadonlySet<string> = new Set(["then", "toJSON", "module.exports"]);

/** The exports of the package, guarded: asking for another throws a ModelError, so that no `undefined` goes on. */
export function modelImports(exported: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return new Proxy(
    { ...exported, __esModule: true },
    {
      get: (target, key) => {
        if (typeof key !== "string" || Object.hasOwn(target, key)) return Reflect.get(target, key) as unknown;
        if (ASKED_BY_LOADERS.has(key)) return undefined;
        throw new ModelError(key === "default" ? NO_DEFAULT : missingExport(key, Object.keys(exported)));
      },
    },
  );
}

const NO_DEFAULT =
  'manychain has no default export: import what is needed by name, such as import { model, normal } from "manychain".';

function missingExport(name: string, names: readonly string[]): string {
  const meant = suggestion(name, names);
  const known = meant === "" ? `. Its distributions are ${distributionNames.join(", ")}` : meant;
  return `manychain has no ${name}${known}${meant === "" ? "." : ""}`;
}

/** What a model's code threw, in its own words: `normall is not a function`, without what a translator makes of imports. */
export function errorWords(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return `${error.name}: ${error.message.replaceAll(/\(0 ?, ?\w+\.(\w+)\)/g, "$1")}`;
}
