/** What keeps an engine from running, without what to do about it: who asks for both is told each once. */

/** @param message of an error, which may end in what to do @param remedy what to do */
export function reasonAlone(message: string, remedy: string): string {
  const at = message.indexOf(remedy);
  return at < 0 ? message : message.slice(0, at).replace(/\s*(?:Run:|Install one\.)?\s*$/, "");
}
