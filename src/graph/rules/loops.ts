import type { Rules } from "./rule.ts";

/** What a loop leaves as it was. */
export const loops: Rules = {
  carried: ({ inputs: [loop], attributes: { index } }) => {
    if (!loop!.is("loop")) return undefined;
    const { region } = loop!.attributes;
    const [count, start] = [loop!.inputs[0]!, loop!.inputs[index + 1]!];
    if (region.results[index] === region.parameters[index + 1]) return start;
    return count.is("constant") && count.attributes.data[0]! <= 0 ? start : undefined;
  },
};
