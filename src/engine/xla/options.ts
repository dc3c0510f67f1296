/** XLA's own switches for one compilation; a name that the plugin does not know is a clean error. */
export type CompilerFlags = Readonly<Record<string, boolean | number>>;

/**
 * A CompileOptionsProto (xla/pjrt/proto/compile_options.proto): field 3, executable_build_options, with one replica
 * (field 4), one partition (field 5) and, for another device than the first, a DeviceAssignmentProto (field 9) that names
 * it; field 7, env_option_overrides, a map from a flag's name to an OptionOverrideProto (field 2 bool, field 3 int64).
 * Build options without a replica would end the process.
 */
export function compileOptions(flags: CompilerFlags, deviceId = 0): Uint8Array {
  const overrides = Object.entries(flags).map(([name, value]) => {
    const override = [...(typeof value === "boolean" ? [0x10, Number(value)] : [0x18, ...varint(value)])];
    return field(7, [...field(1, [...new TextEncoder().encode(name)]), ...field(2, override)]);
  });
  // One replica (field 1), one computation (field 2), its devices (field 3, of which field 1 holds the ids).
  const assignment = [0x08, 0x01, 0x10, 0x01, ...field(3, field(1, varint(deviceId)))];
  const build = [0x20, 0x01, 0x28, 0x01, ...(deviceId === 0 ? [] : field(9, assignment))];
  return Uint8Array.from([...field(3, build), ...overrides.flat()]);
}

/** A field of bytes: tag, length, content. */
function field(number: number, content: readonly number[]): number[] {
  return [(number << 3) | 2, ...varint(content.length), ...content];
}

/** A whole number from 0, seven bits a byte, the low ones first. */
function varint(value: number): number[] {
  const low = value % 128;
  const rest = Math.floor(value / 128);
  return rest === 0 ? [low] : [low + 128, ...varint(rest)];
}
