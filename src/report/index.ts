/** The convergence report: what other rooms may use of it. */
export type { ChainNotes } from "./advice.ts";
export { allPass, evaluateGates, type GateLimits } from "./gates.ts";
export { type ReportInput, renderSummary } from "./summary.ts";
export { plain } from "./text.ts";
