// Packs the tarball and uses it as others would: installed by npm, pnpm and yarn into an empty TypeScript project, strict and with
// every declaration checked, run as a program, from the command line, and as a part of an esbuild bundle. .ci/run calls it.
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const { version, devDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const PNPM = "10.28.0";
const YARN = "1.22.22";
const ESBUILD = "0.28.2";
/** The oldest compiler that reads the declarations, and this checkout's. */
const COMPILERS = ["5.7.3", devDependencies.typescript];

const MANAGERS = {
  npm: (tarball) => [
    "npm",
    ["install", "--no-audit", "--no-fund", tarball, `typescript@${devDependencies.typescript}`],
  ],
  pnpm: (tarball) => ["npx", ["-y", `pnpm@${PNPM}`, "add", tarball, `typescript@${devDependencies.typescript}`]],
  yarn: (tarball) => ["npx", ["-y", `yarn@${YARN}`, "add", tarball, `typescript@${devDependencies.typescript}`]],
};

const TSCONFIG = {
  compilerOptions: {
    target: "es2022",
    module: "nodenext",
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: false,
    types: [],
    outDir: "out",
  },
  files: ["app.ts"],
};

const APP = `import { bind, halfNormal, model, normal, real, type RunEvent, type RunResult, run } from "manychain";

const line = model({
  name: "line",
  data: { x: real("observation"), y: real("observation") },
  parameters: { slope: normal(0, 10), sigma: halfNormal(5) },
  likelihood: ({ x, y, slope, sigma }) => normal(x.mul(slope), sigma).observe(y),
});
const data = { x: [1, 2, 3, 4], y: [2.1, 3.9, 6.2, 7.8] };
const running = run({ model: line, data, chains: 8, draws: 200, gates: false }, { store: false });
running.events.subscribe({ next: (event: RunEvent) => event.kind, error: () => {} });
const result: RunResult = await running.result;
const bound = bind(line, { data: { x: { data: [1], shape: [1] }, y: { data: [2], shape: [1] } } });
console.log(bound.dimension, result.summary.quantities[0]?.name, result.summary.quantities[0]?.mean.toFixed(0));
`;

/** In a bundle: threads, and a model file of TypeScript. */
const BUNDLED = `import { run } from "manychain";
const { status } = await run("line/config.yaml", { out: "results-of-bundle" }).result;
console.log(status);
`;

const folder = mkdtempSync(join(tmpdir(), "manychain-package-"));

function call(cwd, command, args) {
  return execFileSync(command, args, {
    cwd,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, CI: "true" },
  });
}

function expectText(what, found, expected) {
  if (found.trim() !== expected) throw new Error(`${what}: expected ${expected}, found ${found.trim()}`);
  console.log(`  ${what}: ${expected}`);
}

function project(name, tarball) {
  const here = join(folder, name);
  mkdirSync(here);
  writeFileSync(
    join(here, "package.json"),
    JSON.stringify({ name: "app", version: "1.0.0", private: true, type: "module" }),
  );
  writeFileSync(join(here, "tsconfig.json"), JSON.stringify(TSCONFIG));
  writeFileSync(join(here, "app.ts"), APP);
  // yarn keeps a tarball of one name and version in its cache: a copy for each try has a name of its own.
  const copy = join(here, `manychain-${Date.now()}.tgz`);
  cpSync(tarball, copy);
  const [command, args] = MANAGERS[name](copy);
  const printed = call(here, command, args);
  if (/\bwarn/i.test(printed.replaceAll(/^.*\bpnpm@.*$/gm, ""))) console.log(printed);
  return here;
}

function tryManager(name, tarball) {
  console.log(name);
  const here = project(name, tarball);
  call(here, "npx", ["--no-install", "tsc", "-p", "."]);
  expectText("a program", call(here, "node", ["out/app.js"]), "2 slope 2");
  expectText("the command line", call(here, "npx", ["--no-install", "manychain", "--version"]), version);
  call(here, "npx", ["--no-install", "manychain", "init", "line"]);
  call(here, "npx", ["--no-install", "manychain", "run", "line/config.yaml", "--run-id", "tried"]);
  return here;
}

/** Only npm and yarn lay out packages so that a bundle finds what it needs beside it without being told. */
function tryBundle(here) {
  writeFileSync(join(here, "bundled.ts"), BUNDLED);
  const flags = [
    "bundled.ts",
    "--bundle",
    "--platform=node",
    "--format=esm",
    "--outfile=bundled.mjs",
    "--log-level=error",
  ];
  call(here, "npx", ["-y", `esbuild@${ESBUILD}`, ...flags]);
  expectText("an esbuild bundle", call(here, "node", ["bundled.mjs"]), "complete");
}

try {
  call(root, "npm", ["pack", "--silent", "--pack-destination", folder]);
  const tarball = join(
    folder,
    readdirSync(folder).find((name) => name.endsWith(".tgz")),
  );
  for (const name of Object.keys(MANAGERS)) {
    const here = tryManager(name, tarball);
    if (name !== "pnpm") tryBundle(here);
    if (name !== "npm") continue;
    for (const compiler of COMPILERS) {
      call(here, "npx", ["-y", "-p", `typescript@${compiler}`, "tsc", "-p", ".", "--noEmit"]);
      console.log(`  TypeScript ${compiler}: checked`);
    }
  }
  console.log("The package can be used.");
} catch (error) {
  process.exitCode = 1;
  console.error(`${error.message}\n${error.stdout ?? ""}${error.stderr ?? ""}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
