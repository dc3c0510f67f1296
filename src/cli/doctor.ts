import { availableParallelism, cpus, totalmem } from "node:os";
import type { Argv, CommandModule } from "yargs";
import { packageVersion } from "../run/package.ts";
import { stdout } from "./output.ts";

interface DoctorArguments {
  readonly json: boolean;
}

export const doctorCommand: CommandModule<object, DoctorArguments> = {
  command: "doctor",
  describe: "Say what this machine has, and which engines can run on it",
  builder: (argv: Argv): Argv<DoctorArguments> =>
    argv.option("json", { type: "boolean", default: false, describe: "print JSON and nothing else" }),
  handler,
};

async function handler({ json }: DoctorArguments): Promise<void> {
  const { probeEngines } = await import("../engine/registry.ts");
  const engines = await probeEngines();
  const facts = {
    manychain: packageVersion(),
    node: process.version,
    v8: process.versions.v8,
    platform: `${process.platform} ${process.arch}`,
    cpu: cpus()[0]?.model.trim() ?? "unknown",
    processors: availableParallelism(),
    memory: totalmem(),
  };
  if (json) stdout.write(`${JSON.stringify({ ...facts, engines }, null, 2)}\n`);
  else stdout.write(text(facts, engines));
  if (!engines.some(({ name, probe }) => name === "wasm" && probe.available)) process.exitCode = 5;
}

function text(
  facts: Readonly<Record<string, string | number>>,
  engines: Awaited<ReturnType<typeof import("../engine/registry.ts").probeEngines>>,
): string {
  const lines = [
    `manychain ${facts["manychain"]}`,
    `Node ${facts["node"]}, V8 ${facts["v8"]}, ${facts["platform"]}`,
    `${facts["cpu"]}, ${facts["processors"]} processors, ${(Number(facts["memory"]) / 2 ** 30).toFixed(1)} GiB`,
    "",
    "engines",
  ];
  const width = Math.max(...engines.map(({ name }) => name.length));
  for (const { name, about, probe } of engines) {
    lines.push(`  ${name.padEnd(width)}  ${probe.available ? "ready" : "NOT available"}: ${about}`);
    const details = probe.available ? probe.details : [probe.reason, `what to do: ${probe.remedy}`];
    for (const detail of details) lines.push(`  ${" ".repeat(width)}  ${detail}`);
  }
  return `${lines.join("\n")}\n`;
}
