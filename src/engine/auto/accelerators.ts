import type { DeviceReport, Engine } from "../engine.ts";
import { createEngine } from "../registry.ts";
import { addonOf, findInstallations } from "../tensorflow/installed.ts";
import { findPlugins } from "../xla/plugins.ts";

/** An engine that sees a GPU or its like. */
export interface Accelerator {
  readonly engine: string;
  readonly kind: string;
}

/** Engines that may see one; `isWorthAsking` is quick and loads nothing. */
const CANDIDATES: readonly { readonly name: string; readonly isWorthAsking: () => boolean }[] = [
  { name: "xla", isWorthAsking: () => findPlugins().length > 0 },
  { name: "tensorflow", isWorthAsking: () => findInstallations().some((one) => one.gpu && addonOf(one) !== undefined) },
];

/** Engines of this machine that see a GPU or its like, the preferred one first. Never throws. */
export async function accelerators(create: (name: string) => Promise<Engine> = createEngine): Promise<Accelerator[]> {
  const found: Accelerator[] = [];
  for (const { name, isWorthAsking } of CANDIDATES) {
    const device = await deviceOf(name, isWorthAsking, create);
    if (device?.accelerator === true) found.push({ engine: name, kind: device.kind });
  }
  return found;
}

async function deviceOf(
  name: string,
  isWorthAsking: () => boolean,
  create: (name: string) => Promise<Engine>,
): Promise<DeviceReport | undefined> {
  try {
    if (!isWorthAsking()) return undefined;
    const probe = await (await create(name)).probe();
    return probe.available ? probe.device : undefined;
  } catch {
    // What cannot be asked has no device to offer: an engine that is named says why.
    return undefined;
  }
}
