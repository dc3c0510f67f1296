/** Which variables are sampled parameters and which are derived, as metadata that goes along with draws into every format. */
import { crc32 } from "node:zlib";
import type { VariableRole, VariableSpec } from "../draws.ts";
import { StoreError } from "../errors.ts";

/** The key of the roles in a file's metadata, and the word in front of them in CmdStan's CSV. */
export const VARIABLE_ROLES = "variable_roles";

const ROLES: readonly VariableRole[] = ["parameter", "derived"];

function sealed(text: string): string {
  return `${text}; ${crc32(text).toString(16).padStart(8, "0")}`;
}

/**
 * `{"parameter":["tau","beta"],"derived":["odds"]}; 0a1b2c3d`, which ends with the CRC-32 of what stands before.
 * @param named how the format calls a variable
 * @returns undefined where nothing is known, as of a folder of an older release
 */
export function rolesText(
  variables: readonly VariableSpec[],
  named: (name: string) => string = (name) => name,
): string | undefined {
  if (variables.every(({ role }) => role === undefined)) return undefined;
  const entries = ROLES.map((role) => [role, variables.flatMap((one) => (one.role === role ? [named(one.name)] : []))]);
  return sealed(JSON.stringify(Object.fromEntries(entries)));
}

function listIn(value: unknown, role: VariableRole): string[] {
  const list: unknown = typeof value === "object" && value !== null ? Reflect.get(value, role) : undefined;
  return Array.isArray(list) ? list.filter((name) => typeof name === "string") : [];
}

/** The variable that a quantity is an element of: itself, or `beta` for `beta[2]`; the longest name where several would do. */
function variableOf(quantity: string, roles: ReadonlyMap<string, VariableRole>): string | undefined {
  if (roles.has(quantity)) return quantity;
  if (!quantity.endsWith("]")) return undefined;
  for (let at = quantity.lastIndexOf("["); at > 0; at = quantity.lastIndexOf("[", at - 1)) {
    const name = quantity.slice(0, at);
    if (roles.has(name)) return name;
  }
  return undefined;
}

/**
 * The roles of quantities, as far as a file tells them.
 * @param found what stands in its metadata
 * @throws StoreError where the text is damaged
 */
export function readRoles(
  found: unknown,
  quantities: readonly { readonly name: string }[],
  file: string,
): ReadonlyMap<string, VariableRole> {
  if (typeof found !== "string" || found === "") return new Map();
  const text = found.slice(0, -10);
  if (sealed(text) !== found) {
    throw new StoreError(
      `${file}: what it says of its variables' roles is damaged, or was changed by another program. Export it again, or remove ${VARIABLE_ROLES} from its metadata.`,
    );
  }
  const value: unknown = JSON.parse(text);
  const known = new Map(ROLES.flatMap((role) => listIn(value, role).map((name) => [name, role] as const)));
  return new Map(
    quantities.flatMap(({ name }) => {
      const role = known.get(variableOf(name, known) ?? "");
      return role === undefined ? [] : [[name, role] as const];
    }),
  );
}
