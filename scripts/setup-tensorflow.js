// Sets up what the tensorflow engine's compiled route runs on:
//
//   npm run setup:tensorflow             for processors
//   npm run setup:tensorflow -- --gpu    for NVIDIA GPUs too (with CUDA's libraries; the driver must be there)
//   npm run setup:tensorflow -- --check  only loads what is there and runs an op on it
//
// TensorFlow's C library comes from its Python wheel (pinned, checked by its hash), the addon's sources from the npm
// package @tensorflow/tfjs-node or @tensorflow/tfjs-node-gpu (pinned, checked by its hash), and the addon is built
// against that library by the node-gyp that comes with npm. All of it lies in .tensorflow/ beside this package (or in the
// folder that MANYCHAIN_TENSORFLOW_HOME names); node_modules stays as it is. It needs Python 3 with pip, make and a C++
// compiler, once; no Python at run time. Each part that is there already, whole, is left alone, so that the script can be
// started again at any time.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  createReadStream,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statfsSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const SETS = {
  cpu: {
    folder: "cpu",
    sizes: "downloads 274 MB from PyPI and 70 MB from npm, takes 1.2 GB on disk",
    needs: 1.6,
    npm: [
      "@tensorflow/tfjs-node",
      "4.22.0",
      "sha512-uHrXeUlfgkMxTZqHkESSV7zSdKdV0LlsBeblqkuKU9nnfxB1pC6DtoyYVaLxznzZy7WQSegjcohxxCjAf6Dc7w==",
    ],
    wheels: byRequirement({
      "tensorflow_cpu-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl":
        "2b847d217b02ee7731ed91431daf3250daa0196c3c94614d23be27232e6e5b6c",
    }),
  },
  gpu: {
    folder: "gpu",
    sizes: "downloads 3.4 GB from PyPI and 70 MB from npm, takes 6.1 GB on disk",
    needs: 10,
    npm: [
      "@tensorflow/tfjs-node-gpu",
      "4.22.0",
      "sha512-p//NN6DGiN4hInUmIkRffaFVMcdTREUMjPyjW04J7OXvB2zBlQimj61eFKSgRrH3f5TnOfKzb0n56he/B6a4bw==",
    ],
    wheels: byRequirement({
      "tensorflow-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl":
        "9056fbc9ba04235810b71ae6cbd958a196e8804fb53bbcffbf3e23b56155f124",
      "nvidia_cublas_cu12-12.9.3.13-py3-none-manylinux_2_27_x86_64.whl":
        "d7d51055f161b317c7105ddaae90e71eda059026074ffef93cf7cde2886bfe72",
      "nvidia_cudnn_cu12-9.28.0.42-py3-none-manylinux_2_27_x86_64.whl":
        "9ff58b7f36dacd0a93e89f8f2957b52466889217963701daa15e577317cfa375",
      "nvidia_cusparse_cu12-12.5.10.65-py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64.whl":
        "73060ce019ac064a057267c585bf1fd5a353734151f87472ff02b2c5c9984e78",
      "nvidia_nccl_cu12-2.32.3-py3-none-manylinux_2_27_x86_64.whl":
        "bb94b2348e4861d5e8aa00b36c3d12d9bdf9c6369b82cbb723de0b582280a21c",
      "nvidia_cusolver_cu12-11.7.5.82-py3-none-manylinux_2_27_x86_64.whl":
        "15da72d1340d29b5b3cf3fd100e3cd53421dde36002eda6ed93811af63c40d88",
      "nvidia_cufft_cu12-11.4.1.4-py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64.whl":
        "c67884f2a7d276b4b80eb56a79322a95df592ae5e765cf1243693365ccab4e28",
      "nvidia_cuda_nvrtc_cu12-12.9.86-py3-none-manylinux2010_x86_64.manylinux_2_12_x86_64.whl":
        "210cf05005a447e29214e9ce50851e83fc5f4358df8b453155d5e1918094dcb4",
      "nvidia_curand_cu12-10.3.10.19-py3-none-manylinux_2_27_x86_64.whl":
        "49b274db4780d421bd2ccd362e1415c13887c53c214f0d4b761752b8f9f6aa1e",
      "nvidia_cuda_nvcc_cu12-12.9.86-py3-none-manylinux2010_x86_64.manylinux_2_12_x86_64.whl":
        "5d6a0d32fdc7ea39917c20065614ae93add6f577d840233237ff08e9a38f58f0",
      "nvidia_nvjitlink_cu12-12.9.86-py3-none-manylinux2010_x86_64.manylinux_2_12_x86_64.whl":
        "e3f1171dbdc83c5932a45f0f4c99180a70de9bd2718c1ab77d14104f6d7147f9",
      "nvidia_cuda_cupti_cu12-12.9.79-py3-none-manylinux_2_25_x86_64.whl":
        "096bcf334f13e1984ba36685ad4c1d6347db214de03dbb6eebb237b41d9d934f",
      "nvidia_cuda_runtime_cu12-12.9.79-py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64.whl":
        "25bba2dfb01d48a9b59ca474a1ac43c6ebf7011f1b0b8cc44f54eb6ac48a96c3",
    }),
  },
};
/** Wheels of these platforms run wherever the first does. */
const PLATFORMS = ["2_27", "2_26", "2_25", "2_24", "2_18", "2_17", "2014", "2_12", "2010", "2_5", "1"];
/** What is taken out of TensorFlow's wheel: its C library, and the headers that the addon includes. */
const PARTS = [
  "libtensorflow_",
  ...["c/", "core/platform/", "tsl/platform/"].map((name) => `include/tensorflow/${name}`),
]
  .concat(["include/tsl/platform/", "include/xla/tsl/c/"])
  .map((name) => `tensorflow/${name}`);
const UNPACK = `import sys, zipfile
wheel, target, *prefixes = sys.argv[1:]
z = zipfile.ZipFile(wheel)
z.extractall(target, [n for n in z.namelist() if n.startswith(tuple(prefixes or [""]))])`;
/** tfjs-node calls two functions that Node 23 dropped. */
const CHECK = `const util = require("node:util");
util.isNullOrUndefined ??= (x) => x === null || x === undefined;
util.isArray ??= Array.isArray;
const tf = require(process.argv[1]);
const sum = tf.tensor([1, 2, 3]).square().sum().dataSync()[0];
const { binding, isUsingGpuDevice } = tf.backend();
if (tf.getBackend() !== "tensorflow" || sum !== 14) throw new Error(tf.getBackend() + " gives " + sum + " for 14");
console.log("TensorFlow " + binding.TF_Version + " computes on a " + (isUsingGpuDevice ? "GPU" : "CPU") + ", Node " + process.version);`;
/** Left in a folder when a part of it is whole: what it was made from. */
const MARKS = { library: "library.json", addon: "addon.json" };

const own = process.env["MANYCHAIN_TENSORFLOW_HOME"];
const home = own ? resolve(own) : join(dirname(dirname(fileURLToPath(import.meta.url))), ".tensorflow");

try {
  const wrong = process.argv.slice(2).filter((argument) => !["--gpu", "--check"].includes(argument));
  if (wrong.length > 0) throw new Error(`setup:tensorflow takes --gpu and --check, not ${wrong.join(" ")}.`);
  const set = process.argv.includes("--gpu") ? SETS.gpu : SETS.cpu;
  if (process.argv.includes("--check")) check(join(home, set.folder), set);
  else await setUp(set);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}

async function setUp(set) {
  const target = join(home, set.folder);
  const [name, version] = set.npm;
  const made = { library: text(set.wheels), addon: text([set.npm, Object.keys(set.wheels)[0]]) };
  const missing = Object.keys(MARKS).filter((part) => !isWhole(target, part, made));
  if (missing.length === 0) {
    console.log(`${target} is there already: ${Object.keys(set.wheels).join(", ")}, ${name}@${version}.`);
    return;
  }
  checkMachine(set);
  if (missing.includes("library")) {
    checkSpace(set);
    await unpackLibrary(target, set);
    mark(target, "library", made);
  }
  buildAddon(target, set);
  check(target, set);
  mark(target, "addon", made);
  console.log(`Ready: ${target}. See what the engine finds with: manychain doctor`);
}

function checkMachine({ wheels }) {
  if (process.platform !== "linux" || process.arch !== "x64" || !process.report.getReport().header.glibcVersionRuntime)
    throw new Error(
      `${Object.keys(wheels)[0]} is taken for Linux with glibc on x86-64 alone, and this is ${process.platform} on ` +
        `${process.arch}. Elsewhere the engine's eager route runs on @tensorflow/tfjs-node or @tensorflow/tfjs-node-gpu ` +
        "as npm installs them.",
    );
  for (const [command, remedy] of [
    ["python3", "Python 3 with pip"],
    ["make", "make"],
    ["g++", "a C++ compiler (on Debian: apt-get install g++ make)"],
  ])
    if (spawnSync(command, ["--version"], { stdio: "ignore" }).error)
      throw new Error(`${command} is not on the path: install ${remedy}. It is needed this once.`);
}

function checkSpace({ needs, sizes, wheels }) {
  mkdirSync(home, { recursive: true });
  console.log(`${Object.keys(wheels).join(", ")}: ${sizes} in ${home}.`);
  const { bavail, bsize } = statfsSync(home);
  const free = (bavail * bsize) / 1e9;
  if (free < needs)
    throw new Error(`${home} has ${free.toFixed(1)} GB free; ${needs} GB are needed while the wheels are unpacked.`);
}

/** TensorFlow's libraries and headers, and CUDA's, in `target`. */
async function unpackLibrary(target, { wheels }) {
  const [downloads, part] = [join(home, "downloads"), `${target}.part`];
  mkdirSync(downloads, { recursive: true });
  rmSync(part, { recursive: true, force: true });
  mkdirSync(part, { recursive: true });
  for (const [requirement, [file, hash]] of Object.entries(wheels)) {
    const wheel = await download(downloads, requirement, file, hash);
    const prefixes = requirement.startsWith("tensorflow") ? PARTS : [];
    run("python3", ["-c", UNPACK, wheel, part, ...prefixes], `unpack ${file}`);
  }
  // Moved into its place when it is whole, so that half a library is never found.
  rmSync(target, { recursive: true, force: true });
  renameSync(part, target);
  rmSync(downloads, { recursive: true, force: true });
}

/** The npm package with its dependencies, in a folder of its own, and its addon built against the library in `target`. */
function buildAddon(target, { npm: [name, version, integrity] }) {
  const npm = npmFolder();
  rmSync(join(target, "node_modules"), { recursive: true, force: true });
  rmSync(join(target, "package-lock.json"), { force: true });
  writeFileSync(join(target, "package.json"), text({ private: true, dependencies: { [name]: version } }));
  const flags = ["--ignore-scripts", "--omit=dev", "--no-audit", "--no-fund"];
  run(process.execPath, [join(npm, "bin/npm-cli.js"), "install", ...flags], `install ${name}@${version}`, {
    cwd: target,
  });
  const lock = JSON.parse(readFileSync(join(target, "package-lock.json"), "utf8"));
  const found = lock.packages[`node_modules/${name}`].integrity;
  if (found !== integrity) throw new Error(`${name}@${version} has integrity ${found}; expected ${integrity}.`);
  const folder = join(target, "node_modules", name);
  const tensorflow = join(target, "tensorflow");
  mkdirSync(join(folder, "deps/lib"), { recursive: true });
  symlinkSync(join(tensorflow, "include"), join(folder, "deps/include"));
  symlinkSync(join(tensorflow, "libtensorflow_cc.so.2"), join(folder, "deps/lib/libtensorflow.so"));
  symlinkSync(join(tensorflow, "libtensorflow_framework.so.2"), join(folder, "deps/lib/libtensorflow_framework.so"));
  const options = ["--module_name=tfjs_binding", `--module_path=${join(folder, "lib/napi-v8")}`];
  const headers = resolve(process.execPath, "../..");
  // Without Node's headers beside it, node-gyp fetches them.
  if (existsSync(join(headers, "include/node/node_api.h"))) options.push(`--nodedir=${headers}`);
  run(
    process.execPath,
    [join(npm, "node_modules/node-gyp/bin/node-gyp.js"), "rebuild", ...options, "--napi_build_version=8"],
    "build the addon",
    // nodelete: Node unloads an addon with its last worker thread, which TensorFlow does not survive.
    { cwd: folder, env: { ...process.env, LDFLAGS: `-Wl,-z,nodelete -Wl,-rpath,${tensorflow}` } },
  );
  rmSync(join(folder, "build"), { recursive: true, force: true });
}

/** Loads tfjs-node with the addon in a process of its own, runs an op, and says on what. */
function check(target, { npm: [name] }) {
  const folder = join(target, "node_modules", name);
  if (!existsSync(folder)) throw new Error(`There is no ${folder}. Run it without --check first.`);
  run(process.execPath, ["-e", CHECK, folder], `run an op on ${name}`, {
    env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: "2", TF_ENABLE_ONEDNN_OPTS: "0", TF_FORCE_GPU_ALLOW_GROWTH: "true" },
  });
}

/** The folder of the npm that belongs to this Node. */
function npmFolder() {
  const running = process.env["npm_execpath"];
  const candidates = [
    ...(running ? [resolve(running, "../..")] : []),
    resolve(process.execPath, "../../lib/node_modules/npm"),
    resolve(process.execPath, "../node_modules/npm"),
    "/usr/share/nodejs/npm",
  ];
  const found = candidates.find((folder) => existsSync(join(folder, "node_modules/node-gyp/bin/node-gyp.js")));
  if (found === undefined)
    throw new Error("npm, with its node-gyp, was not found. Start this as: npm run setup:tensorflow");
  return found;
}

/** The wheel's path; a wheel that an earlier start left whole is used. pip itself checks the hash, and so do we. */
async function download(folder, requirement, file, hash) {
  const wheel = join(folder, file);
  if ((await hashOf(wheel)) === hash) return wheel;
  const requirements = join(folder, "requirements.txt");
  writeFileSync(requirements, `${requirement} --hash=sha256:${hash}\n`);
  const flags = [
    "--no-deps",
    "--only-binary=:all:",
    "--disable-pip-version-check",
    "--require-hashes",
    "--no-cache-dir",
  ];
  const platforms = PLATFORMS.flatMap((name) => ["--platform", `manylinux${/_/.test(name) ? "_" : ""}${name}_x86_64`]);
  const where = ["--python-version", "3.11", "--dest", folder, "--requirement", requirements];
  run("python3", ["-m", "pip", "download", ...flags, ...platforms, ...where], `download ${requirement}`);
  const found = await hashOf(wheel);
  if (found !== hash) throw new Error(`${wheel} has sha256 ${found ?? "(no file)"}; expected ${hash}.`);
  return wheel;
}

function run(command, args, purpose, options = {}) {
  const { error, status, signal } = spawnSync(command, args, { stdio: ["ignore", "inherit", "inherit"], ...options });
  if (status !== 0)
    throw new Error(
      `Could not ${purpose}: ${command} ended with ${error?.message ?? signal ?? status}. ` +
        "Start npm run setup:tensorflow again when that is mended; it goes on from here.",
    );
}

/** Wheels by what pip calls them: `name==version` → file and sha256. */
function byRequirement(files) {
  const requirement = (file) => file.split("-", 2).join("==").replaceAll("_", "-");
  return Object.fromEntries(Object.entries(files).map(([file, hash]) => [requirement(file), [file, hash]]));
}

/** The sha256 of a file, or undefined where there is none. */
async function hashOf(path) {
  if (!existsSync(path)) return undefined;
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path, { highWaterMark: 2 ** 22 })) hash.update(chunk);
  return hash.digest("hex");
}

function text(value) {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

function isWhole(target, part, made) {
  const path = join(target, MARKS[part]);
  return existsSync(path) && readFileSync(path, "utf8") === made[part];
}

function mark(target, part, made) {
  writeFileSync(join(target, MARKS[part]), made[part]);
}
