const TOKEN =
  /([{}[\],:])|("(?:[ !#-[\]-\uffff]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)/y;

/**
 * The offset of the first thing that JSON [RFC 8259] does not allow, or `undefined` when the text is JSON. For error
 * places: what the JavaScript engine says about them differs from version to version.
 */
export function jsonErrorOffset(text: string): number | undefined {
  const open: string[] = [];
  let expects: "value" | "value or ]" | "key" | "key or }" | ":" | "," = "value";
  let at = 0;
  while (true) {
    while (" \t\n\r".includes(text[at] ?? "x")) at += 1;
    if (at === text.length) return open.length === 0 && expects === "," ? undefined : at;
    TOKEN.lastIndex = at;
    const [token, mark, string, literal] = TOKEN.exec(text) ?? [];
    if (token === undefined) return at;
    const closes = open.at(-1) === "{" ? "}" : open.at(-1) === "[" ? "]" : undefined;
    if (
      mark !== undefined &&
      mark === closes &&
      (expects === "," || expects === `key or ${mark}` || expects === `value or ${mark}`)
    ) {
      open.pop();
      expects = ",";
    } else if (expects === ":" && mark === ":") expects = "value";
    else if (expects === "," && mark === "," && closes !== undefined) expects = closes === "}" ? "key" : "value";
    else if (expects.startsWith("key") && string !== undefined) expects = ":";
    else if (expects.startsWith("value") && (mark === "{" || mark === "[")) {
      open.push(mark);
      expects = mark === "{" ? "key or }" : "value or ]";
    } else if (expects.startsWith("value") && (string ?? literal) !== undefined) expects = ",";
    else return at;
    at += token.length;
  }
}
