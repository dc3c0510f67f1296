import { type Api, keep } from "./api.ts";
import { blockOf } from "./koffi.ts";
import { namedValues } from "./namedValues.ts";
import { compileOptions } from "./options.ts";

/** NVIDIA's H100 (SXM5, 80 GB) as XLA's GpuTargetConfigProto. */
const H100 = `
gpu_device_info {
  threads_per_block_limit: 1024
  threads_per_warp: 32
  shared_memory_per_block: 49152
  shared_memory_per_core: 233472
  threads_per_core_limit: 2048
  core_count: 132
  fpus_per_core: 128
  block_dim_limit_x: 2147483647
  block_dim_limit_y: 65535
  block_dim_limit_z: 65535
  memory_bandwidth: 3352320000000
  l2_cache_size: 52428800
  clock_rate_ghz: 1.98
  device_memory_size: 84978434048
  shared_memory_per_block_optin: 232448
  cuda_compute_capability { major: 9 minor: 0 }
  registers_per_core_limit: 65536
  registers_per_block_limit: 65536
}
platform_name: "CUDA"
dnn_version_info { major: 9 minor: 1 patch: 1 }
device_description_str: "NVIDIA H100 80GB HBM3"
`;

/**
 * Compile a program for a GPU that is not there, with a GPU's plugin; returns the size of the executable in bytes. Nothing
 * can run it here: this tells whether the plugin takes the program.
 * @throws EngineError with XLA's message where it does not
 */
export function crossCompile(api: Api, text: string, target: string = H100): number {
  const values = namedValues(api.koffi, { target_config: target, topology: "1x1x1" });
  const name = blockOf(api.koffi, "cuda");
  const made = api.args(name.address, 4, values.list.address, values.count, 0);
  api.call("TopologyDescription_Create", made);
  keep(values, name);
  const topology = made.words[6]!;
  try {
    const options = compileOptions({});
    const [code, format, encoded] = [blockOf(api.koffi, text), blockOf(api.koffi, "mlir"), blockOf(api.koffi, options)];
    const program = api.args(code.address, new TextEncoder().encode(text).length, format.address, 4);
    const args = api.args(topology, program.address, encoded.address, options.length, 0, 0);
    api.call("PJRT_Compile", args);
    keep(code, format, encoded, program);
    const executable = args.words[7]!;
    const serialized = api.args(executable, 0, 0, 0, 0);
    api.call("Executable_Serialize", serialized);
    const size = Number(serialized.words[4]);
    const free = api.koffi.decode(serialized.words[6]!, api.koffi.proto("void", ["void *"])) as (
      object: bigint,
    ) => void;
    free(serialized.words[5]!);
    api.call("Executable_Destroy", api.args(executable));
    return size;
  } finally {
    api.call("TopologyDescription_Destroy", api.args(topology));
  }
}
