// The command lines of the scripts under bench/.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

/**
 * A script's options and what stands beside them. `defaults` names the options: true or false where one is given or not, an
 * array where it may be repeated, else a text. With --help the script's head is printed, which says what there is; what is
 * not known ends it with code 2.
 */
export function scriptArguments(url, defaults = {}) {
  const options = { help: { type: "boolean", default: false } };
  for (const [name, value] of Object.entries(defaults))
    options[name] = {
      type: typeof value === "boolean" ? "boolean" : "string",
      multiple: Array.isArray(value),
      ...(value !== undefined && { default: value }),
    };
  const found = parsed(options);
  if (found instanceof Error) ended(`${found.message}\n\n${headOf(url)}`, 2);
  if (found.values.help) ended(headOf(url), 0);
  return { ...found.values, rest: found.positionals };
}

function parsed(options) {
  try {
    return parseArgs({ options, allowPositionals: true });
  } catch (error) {
    return error;
  }
}

/** The comment that a script begins with. */
function headOf(url) {
  const lines = readFileSync(fileURLToPath(url), "utf8").split("\n");
  const end = lines.findIndex((line) => !line.startsWith("//"));
  return lines
    .slice(0, end)
    .map((line) => line.replace(/^\/\/ ?/, ""))
    .join("\n");
}

function ended(text, code) {
  console.error(text);
  process.exit(code);
}

/** `--set` before each of the settings, for a command line of manychain's. */
export function setEach(settings) {
  return settings.flatMap((setting) => ["--set", setting]);
}
