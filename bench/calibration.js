// node bench/calibration.js [--sets=4000]
//
// Simulation-based calibration of every sampler in both precisions as test/statistics does it, on many more data sets than
// there: ten times as many find a fault a third as small. Seven minutes; exits as the tests do.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { scriptArguments } from "./arguments.js";

const { sets } = scriptArguments(import.meta.url, { sets: "4000" });
const root = fileURLToPath(new URL("..", import.meta.url));
const { status } = spawnSync(
  "npx",
  [
    "vitest",
    "run",
    "test/statistics/calibration.test.ts",
    "-t",
    "simulation-based calibration",
    "--testTimeout=3600000",
  ],
  { cwd: root, stdio: "inherit", env: { ...process.env, MANYCHAIN_CALIBRATION_SETS: sets } },
);
process.exitCode = status ?? 1;
