/** Convergence diagnostics and summaries: draws in, numbers out. Imports nothing of the other rooms. */
export { countNonFinite, type Draws, stuckChains } from "./draws.ts";
export { ebfmi, ebfmiPerChain } from "./ebfmi.ts";
export { essBasic, essBulk, essMean, essMedian, essQuantile, essSd, essTail } from "./ess.ts";
export { mcseMean, mcseMedian, mcseQuantile, mcseSd } from "./mcse.ts";
export { rhatNested, type Superchains } from "./nested.ts";
export { mean, sd } from "./point.ts";
export { quantile } from "./quantile.ts";
export { rhat, rhatBasic, rhatBulk, rhatFolded, type SplitOption } from "./rhat.ts";
export { type MomentsState, StreamingMoments } from "./streaming.ts";
export { type BlockShape, type Summary, summarize, summarizeBlock } from "./summarize.ts";
