export {
  bits,
  type Count,
  type Floats,
  normal,
  type PrecisionOption,
  type UniformOptions,
  uniform,
} from "./draws.ts";
export { foldIn, type KeyOptions, key, split } from "./key.ts";
export { type Key, threefry2x32, type Words } from "./threefry.ts";
