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
const beside = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const given = process.env["MANYCHAIN_TEST_PYTHON"] ?? beside(".venv/bin/python");
const given1 = process.env["MANYCHAIN_TEST_PYTHON_ARVIZ1"] ?? beside(".venvs/arviz1/bin/python");

/** True where tests that need Python must run. */
export const pythonRequired: boolean = process.env["MANYCHAIN_REQUIRE_PYTHON"] === "1";

/** The interpreter, or undefined where there is none. */
export const python: string | undefined = existsSync(given) ? given : undefined;

/** An interpreter with ArviZ 1.x (test/requirements-arviz1.txt), or undefined where there is none: it wants Python 3.12. */
export const arviz1: string | undefined = existsSync(given1) ? given1 : undefined;

/** Runs a script of test/python under ArviZ 1.x and parses what it prints. */
export async function runArviz1(script: string, ...parameters: readonly string[]): Promise<unknown> {
  if (arviz1 === undefined) throw new Error(`no Python with ArviZ 1.x at ${given1}`);
  const { stdout } = await run(arviz1, [beside(`test/python/${script}`), ...parameters], { maxBuffer: 2 ** 26 });
  return JSON.parse(stdout) as unknown;
}

/** Runs a script of test/python and parses what it prints. */
export async function runPython(script: string, ...parameters: readonly string[]): Promise<unknown> {
  if (python === undefined) {
    throw new Error(
      `no Python at ${given}: make it with "python3 -m venv .venv && .venv/bin/pip install -r test/requirements.txt"`,
    );
  }
  const { stdout } = await run(python, [beside(`test/python/${script}`), ...parameters], { maxBuffer: 2 ** 26 });
  return JSON.parse(stdout) as unknown;
}
