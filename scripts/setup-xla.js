#!/usr/bin/env node
// Fetches a PJRT plugin for processors, so that the xla engine can run: npm run setup:xla
//
// A pinned wheel from PyPI, checked by its hash, is unpacked into .xla/ beside this package (or the folder that
// MANYCHAIN_XLA_HOME names). Nothing is built and no Python is needed at run time; pip is, once, to download.
// What is there already, whole, is left alone, so that the script can be started again at any time.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { createReadStream, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const PLUGIN = {
  package: "lammps-jax-pjrt-cpu",
  version: "0.11.2",
  wheel: "lammps_jax_pjrt_cpu-0.11.2-py3-none-manylinux_2_27_x86_64.whl",
  wheelHash: "1319390d948b39f69f7dade496b7c385149d9ca6097a6b62114da113216d9ad1",
  file: "lammps_jax_pjrt_cpu/pjrt_c_api_cpu_plugin.so",
  fileHash: "ad1309ac822b1b24d51b7f9947c7c9fa9ef5d67f390584cbc3d1fa2428fed9c2",
  download: "63 MB",
  disk: "202 MB",
};

const own = process.env["MANYCHAIN_XLA_HOME"];
const home = own ? resolve(own) : join(dirname(dirname(fileURLToPath(import.meta.url))), ".xla");

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}

async function main() {
  const plugin = join(home, PLUGIN.file);
  if ((await hashOf(plugin)) === PLUGIN.fileHash) {
    console.log(`${plugin} is there already: ${PLUGIN.package} ${PLUGIN.version}.`);
    return;
  }
  if (process.platform !== "linux" || process.arch !== "x64")
    throw new Error(
      `${PLUGIN.package} is built for Linux on x86-64 alone, and this is ${process.platform} on ${process.arch}. ` +
        "If you have another PJRT plugin, set MANYCHAIN_PJRT_PLUGIN to its path.",
    );
  console.log(
    `${PLUGIN.package} ${PLUGIN.version} from PyPI: downloads ${PLUGIN.download}, takes ${PLUGIN.disk} in ${home}.`,
  );
  mkdirSync(home, { recursive: true });
  const wheel = await download();
  unpack(wheel);
  const found = await hashOf(plugin);
  if (found !== PLUGIN.fileHash)
    throw new Error(`${plugin} has sha256 ${found ?? "(no file)"}; expected ${PLUGIN.fileHash}. Start again.`);
  rmSync(wheel);
  console.log(`Ready: ${plugin}. Try: manychain doctor`);
}

/** The wheel's path; a wheel that an earlier start left whole is used. pip itself checks the hash, and so do we. */
async function download() {
  const wheel = join(home, PLUGIN.wheel);
  if ((await hashOf(wheel)) === PLUGIN.wheelHash) return wheel;
  const requirements = join(home, "requirements.txt");
  writeFileSync(requirements, `${PLUGIN.package}==${PLUGIN.version} --hash=sha256:${PLUGIN.wheelHash}\n`);
  const flags = ["--no-deps", "--only-binary=:all:", "--disable-pip-version-check", "--require-hashes"];
  const target = ["--platform", "manylinux_2_27_x86_64", "--dest", home, "--requirement", requirements];
  python(["-m", "pip", "download", ...flags, ...target], "download the wheel");
  rmSync(requirements);
  const found = await hashOf(wheel);
  if (found !== PLUGIN.wheelHash)
    throw new Error(`${wheel} has sha256 ${found ?? "(no file)"}; expected ${PLUGIN.wheelHash}.`);
  return wheel;
}

/** Unpacked beside its place first, then moved, so that half a plugin is never found. */
function unpack(wheel) {
  const part = mkdtempSync(join(home, "part-"));
  python(["-m", "zipfile", "-e", wheel, part], "unpack the wheel");
  const folder = dirname(PLUGIN.file);
  rmSync(join(home, folder), { recursive: true, force: true });
  renameSync(join(part, folder), join(home, folder));
  rmSync(part, { recursive: true, force: true });
}

function python(args, purpose) {
  for (const command of ["python3", "python"]) {
    const { error, status } = spawnSync(command, args, { stdio: ["ignore", "inherit", "inherit"] });
    if (error?.code === "ENOENT") continue;
    if (status === 0) return;
    throw new Error(`Could not ${purpose}: ${command} ${args.join(" ")} ended with ${status ?? error?.message}.`);
  }
  throw new Error(
    `Could not ${purpose}: python3 is not on the path. Install Python 3 with pip; it is needed this once.`,
  );
}

/** The sha256 of a file, or undefined where there is none. */
async function hashOf(path) {
  if (!existsSync(path)) return undefined;
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path, { highWaterMark: 2 ** 22 })) hash.update(chunk);
  return hash.digest("hex");
}
