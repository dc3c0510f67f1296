// Fetches what the xla engine runs on, from PyPI:
//
//   npm run setup:xla             a PJRT plugin for processors, so that the engine can run
//   npm run setup:xla -- --h100   NVIDIA's plugin and compiler, to compile programs for an H100 without having one
//
// Pinned wheels, checked by their hashes, are unpacked into .xla/ beside this package (or the folder that
// MANYCHAIN_XLA_HOME names). Nothing is built and no Python is needed at run time; pip is, once, to download.
// What is there already, whole, is left alone, so that the script can be started again at any time.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { createReadStream, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const SETS = {
  cpu: {
    folder: "cpu",
    sizes: "downloads 63 MB, takes 202 MB",
    wheels: {
      "lammps-jax-pjrt-cpu==0.11.2": [
        "lammps_jax_pjrt_cpu-0.11.2-py3-none-manylinux_2_27_x86_64.whl",
        "1319390d948b39f69f7dade496b7c385149d9ca6097a6b62114da113216d9ad1",
      ],
    },
  },
  h100: {
    folder: "targets/cuda13",
    sizes: "downloads 304 MB, takes 802 MB",
    wheels: {
      "jax-cuda13-pjrt==0.12.0.1": [
        "jax_cuda13_pjrt-0.12.0.1-py3-none-manylinux_2_27_x86_64.whl",
        "5899bb6177eda86ea532afb9a26794f2bdd04966f6a01f9028266b16c2b6cf90",
      ],
      "nvidia-cuda-nvcc==13.5.37": [
        "nvidia_cuda_nvcc-13.5.37-py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64.whl",
        "f5c4f7ead5d964fb4af42bbf1e6d3ec3c1e6e9d83b53749f691d387e7fcaa3a7",
      ],
      "nvidia-nvjitlink==13.5.37": [
        "nvidia_nvjitlink-13.5.37-py3-none-manylinux2010_x86_64.manylinux_2_12_x86_64.whl",
        "280d7cb9649704145f074b8dbde500de04ce02d0872e066e20a83c17bcaa93eb",
      ],
      "nvidia-nvvm==13.5.37": [
        "nvidia_nvvm-13.5.37-py3-none-manylinux2010_x86_64.manylinux_2_12_x86_64.whl",
        "c41bfa362e407405163f103c2229f0765f8cc2ed7d148b754dc77f228bf7e070",
      ],
    },
  },
};
/** Wheels of these platforms run wherever the first does. */
const PLATFORMS = ["manylinux_2_27", "manylinux2014", "manylinux_2_17", "manylinux2010", "manylinux_2_12"];
/** Left in a folder when all of its wheels have been unpacked: their hashes. */
const MARK = "complete.json";

const own = process.env["MANYCHAIN_XLA_HOME"];
const home = own ? resolve(own) : join(dirname(dirname(fileURLToPath(import.meta.url))), ".xla");

try {
  const wrong = process.argv.slice(2).filter((argument) => argument !== "--h100");
  if (wrong.length > 0) throw new Error(`setup:xla takes --h100 or nothing, not ${wrong.join(" ")}.`);
  await set(process.argv.includes("--h100") ? SETS.h100 : SETS.cpu);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}

async function set({ folder, sizes, wheels }) {
  const target = join(home, folder);
  const names = Object.keys(wheels).join(", ");
  const mark = JSON.stringify(Object.values(wheels), undefined, 2);
  if (existsSync(join(target, MARK)) && readFileSync(join(target, MARK), "utf8") === mark) {
    console.log(`${target} is there already: ${names}.`);
    return;
  }
  if (process.platform !== "linux" || process.arch !== "x64")
    throw new Error(
      `${names} is built for Linux on x86-64 alone, and this is ${process.platform} on ${process.arch}. ` +
        "If you have another PJRT plugin, set MANYCHAIN_PJRT_PLUGIN to its path.",
    );
  console.log(`${names} from PyPI: ${sizes} in ${target}.`);
  const [downloads, part] = [join(home, "downloads"), `${target}.part`];
  mkdirSync(downloads, { recursive: true });
  rmSync(part, { recursive: true, force: true });
  mkdirSync(part, { recursive: true });
  for (const [requirement, [file, hash]] of Object.entries(wheels)) {
    const wheel = await download(downloads, requirement, file, hash);
    python(["-m", "zipfile", "-e", wheel, part], "unpack a wheel");
  }
  // Moved into its place when it is whole, so that half a plugin is never found.
  writeFileSync(join(part, MARK), mark);
  rmSync(target, { recursive: true, force: true });
  renameSync(part, target);
  rmSync(downloads, { recursive: true, force: true });
  console.log(`Ready: ${target}. See what the engine finds with: manychain doctor`);
}

/** The wheel's path; a wheel that an earlier start left whole is used. pip itself checks the hash, and so do we. */
async function download(folder, requirement, file, hash) {
  const wheel = join(folder, file);
  if ((await hashOf(wheel)) === hash) return wheel;
  const requirements = join(folder, "requirements.txt");
  writeFileSync(requirements, `${requirement} --hash=sha256:${hash}\n`);
  const flags = ["--no-deps", "--only-binary=:all:", "--disable-pip-version-check", "--require-hashes"];
  const platforms = PLATFORMS.flatMap((platform) => ["--platform", `${platform}_x86_64`]);
  const where = ["--dest", folder, "--requirement", requirements];
  python(["-m", "pip", "download", ...flags, ...platforms, ...where], `download ${requirement}`);
  const found = await hashOf(wheel);
  if (found !== hash) throw new Error(`${wheel} has sha256 ${found ?? "(no file)"}; expected ${hash}.`);
  return wheel;
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
