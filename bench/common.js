// What the benchmarks share: the main job's model, timing, and the form of a result line.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { loadData } from "../dist/src/config/data.js";
import { loadConfig } from "../dist/src/config/load.js";
import { bind } from "../dist/src/model/bind.js";
import { shippedModel } from "../dist/src/models/registry.js";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** A shipped config. */
export function loaded(config) {
  return loadConfig(here(`../config/${config}.yaml`));
}

/** A shipped config's model with its data. */
export function boundModel(name) {
  const { config, baseDir } = loaded(name);
  const data = loadData(config.data, { baseDir });
  const model = shippedModel(config.model).create(config.options);
  return bind(model, { data: data.values, coordinates: config.coordinates });
}

/** Median and least CPU time of `f`, in microseconds: time that other processes take does not count. */
export async function time(f, runs = 9) {
  await f();
  const times = [];
  for (let run = 0; run < runs; run++) {
    const before = process.cpuUsage();
    await f();
    const { user, system } = process.cpuUsage(before);
    times.push(user + system);
  }
  times.sort((a, b) => a - b);
  return { median: times[runs >> 1], least: times[0] };
}

export function line(record) {
  console.log(JSON.stringify(record));
}

export const round = (x, digits = 4) => Number(x.toPrecision(digits));

/** Resident memory of this process, in MB. */
export function residentMegabytes() {
  const match = /VmRSS:\s+(\d+)/.exec(readFileSync("/proc/self/status", "utf8"));
  return match ? Number(match[1]) / 1024 : process.memoryUsage().rss / 2 ** 20;
}
