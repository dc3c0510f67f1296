import { type Api, keep, PluginError } from "./api.ts";
import type { Address } from "./koffi.ts";
import { type NamedValues, namedValues } from "./namedValues.ts";

/** Make a client; a plugin that does not know an option is asked again without any. */
export function createClient(api: Api, options: NamedValues): Address {
  const { count, list, texts } = namedValues(api.koffi, options);
  const args = api.args(count === 0 ? 0 : list.address, count, 0, 0, 0, 0, 0, 0, 0);
  try {
    api.call("Client_Create", args);
  } catch (error) {
    const invalid = error instanceof PluginError && error.code === 3;
    if (!invalid || count === 0) throw error;
    return createClient(api, {});
  }
  keep(texts, list);
  return args.words[8]!;
}
