/** The results folder: what other rooms may use of it. */

export type { DrawGroup, DrawSelection, QuantityDraws } from "./array-reader.ts";
export type { BatchDraws, Checkpoint, CheckpointSearch } from "./checkpoints.ts";
export {
  type CheckFinding,
  type CheckRecord,
  checkOf,
  readChecks,
  type UntilFacts,
  untilOf,
} from "./checks.ts";
export { compareManifest, type ManifestDifference } from "./compare-manifest.ts";
export { compareSummaries, type SummaryComparison, type SummaryDifference } from "./compare-summaries.ts";
export { type ChainDigests, chainDigests, type Digests, runDigest } from "./digest.ts";
export type { StoreData, StoredDraws } from "./draws-store.ts";
export {
  EXPORT_FORMATS,
  type ExportFormat,
  type ExportOptions,
  exportResults,
  formatOfFile,
} from "./export/export.ts";
export { readDraws } from "./export/read.ts";
export type { ReadDraws } from "./export/read-table.ts";
export type { Json, JsonObject } from "./json.ts";
export { type BatchSpan, checkLayout, type DataArray, type Keep, keptDraws, type StoreLayout } from "./layout.ts";
export type { Manifest, RunDocument, RunStatus } from "./manifest.ts";
export type { MomentsTable } from "./moments.ts";
export { checkFileName, quantityNames } from "./names.ts";
export { soundSummary } from "./read-summary.ts";
export { openResults, type ResultsReader } from "./reader.ts";
export { RECORDED_FILES, type RecordedFile } from "./recorded.ts";
export type { BatchResume } from "./recover.ts";
export { type ReopenedResults, type ReopenOptions, reopenResults } from "./reopen.ts";
export { momentsRows, type StoredMoments } from "./stored-moments.ts";
export {
  type Gate,
  type RoundingRecord,
  type RunFacts,
  type StillChains,
  SUMMARY_NUMBERS,
  type SummaryDocument,
  type SummaryNumber,
  type SummaryRow,
  summaryJson,
} from "./summary.ts";
export { summaryRow } from "./summary-row.ts";
export {
  compareDigests,
  type DigestDifference,
  type DrawDifference,
  firstDifference,
  type Golden,
  readGolden,
  writeGolden,
} from "./verify.ts";
export { createResults, type Ending, type ResultsOptions, type ResultsWriter, runId } from "./writer.ts";
