/**
 * The Python of test/requirements.txt, for tests that read results with independent software: the path in
 * MANYCHAIN_TEST_PYTHON, or `.venv/bin/python`. Without one such tests are skipped, visibly; with
 * MANYCHAIN_REQUIRE_PYTHON=1 they fail.
 */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const given = process.env["MANYCHAIN_TEST_PYTHON"] ?? fileURLToPath(new URL("../../.venv/bin/python", import.meta.url));

/** True where tests that need Python must run. */
export const pythonRequired: boolean = process.env["MANYCHAIN_REQUIRE_PYTHON"] === "1";

/** The interpreter, or undefined where there is none. */
export const python: string | undefined = existsSync(given) ? given : undefined;

/** Runs a script of test/python and parses what it prints. */
export async function runPython(script: string, ...parameters: readonly string[]): Promise<unknown> {
  if (python === undefined) {
    throw new Error(
      `no Python at ${given}: make it with "python3 -m venv .venv && .venv/bin/pip install -r test/requirements.txt"`,
    );
  }
  const path = fileURLToPath(new URL(`../python/${script}`, import.meta.url));
  const { stdout } = await run(python, [path, ...parameters], { maxBuffer: 2 ** 26 });
  return JSON.parse(stdout) as unknown;
}
