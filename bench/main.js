// npm run bench [-- --only=gradient|allocation|diagnostics|store --chains=4,64]: one JSON line a result; times are CPU time of this process.
import { cpus } from "node:os";
import { scriptArguments } from "./arguments.js";
import { line, residentMegabytes, round } from "./common.js";
import { benchDiagnostics } from "./diagnostics.js";
import { benchAllocation, benchGradient } from "./gradient.js";
import { benchStore } from "./store.js";

const benches = {
  gradient: benchGradient,
  allocation: benchAllocation,
  diagnostics: benchDiagnostics,
  store: benchStore,
};
const { only, chains } = scriptArguments(import.meta.url, { only: undefined, chains: "1,4,64,1024" });
line({ node: process.version, v8: process.versions.v8, cpu: cpus()[0]?.model });
for (const [name, bench] of Object.entries(benches))
  if (only === undefined || only === name) await bench(chains.split(",").map(Number));
line({ resident_mb: round(residentMegabytes(), 3) });
