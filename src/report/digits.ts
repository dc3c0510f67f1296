/** Estimates in as many digits as their Monte Carlo errors leave, and as it takes to tell a quantity's quantiles apart. */
import type { SummaryNumber, SummaryRow } from "../store/index.ts";
import { shortNumber } from "./text.ts";

/** Numbers that are places on the quantity's own scale, as its sd is not. */
const PLACES = ["mean", "q1", "q5", "q25", "q50", "q75", "q95", "q99"] as const;
type PlaceNumber = (typeof PLACES)[number];

/** The error of each, where the summary has one. */
const ERRORS: Partial<Readonly<Record<PlaceNumber, SummaryNumber>>> = {
  mean: "mcse_mean",
  q5: "mcse_q5",
  q50: "mcse_q50",
  q95: "mcse_q95",
};

/** Digits of what does not vary, and so has no error. */
const ALL_DIGITS = 9;
/** Numbers longer than this, or finer than so many decimals, are written with an exponent. */
const LONGEST = 1e12;
const MOST_DECIMALS = 6;

/** The power of ten of a number's first digit; undefined for zero and what is not finite. */
function magnitude(value: number): number | undefined {
  if (value === 0 || !Number.isFinite(value)) return undefined;
  return Number(value.toExponential().split("e")[1]);
}

/** The last decimal place that is worth showing, as a power of ten; undefined where nothing says how exact it is. */
function lastPlace(row: SummaryRow, key: PlaceNumber): number | undefined {
  const spread = magnitude(row.sd);
  const error = ERRORS[key] ?? "mcse_mean";
  const known = magnitude(row[error]);
  if (spread === undefined) return known;
  // Three digits of the spread are enough, also where the error is smaller.
  const fine = Math.max(known ?? spread - 2, spread - 2);
  if (key === "mean") return fine;
  const gaps = [row.q50 - row.q5, row.q95 - row.q50].map(magnitude).filter((gap) => gap !== undefined);
  return Math.min(fine, ...gaps);
}

/** A number to a decimal place: rounded there, with an exponent where it would be long. */
function toPlace(value: number, place: number): string {
  const first = magnitude(value) ?? place;
  const digits = Math.min(Math.max(first - place, 0), 15);
  const isLong = Math.abs(value) >= LONGEST || (place > 0 && Math.abs(value) >= 1e5) || -place > MOST_DECIMALS;
  if (isLong) return first < place ? "0" : value.toExponential(digits).replace("e+", "e");
  if (place >= 0) return withoutMinus((Math.round(value / 10 ** place) * 10 ** place).toFixed(0));
  return withoutMinus(value.toFixed(-place));
}

/** Minus zero is zero. */
function withoutMinus(text: string): string {
  return /^-0(?:\.0*)?$/.test(text) ? text.slice(1) : text;
}

function isPlace(key: SummaryNumber): key is PlaceNumber {
  return PLACES.some((place) => place === key);
}

/** The text of an estimate in a row of a table: a mean, a quantile, an sd or an error of one of them. */
export function estimateText(row: SummaryRow, key: SummaryNumber): string {
  const value = row[key];
  if (!Number.isFinite(value)) return shortNumber(value);
  if (!isPlace(key)) return shortNumber(value, key.startsWith("mcse") ? 2 : 3);
  const place = lastPlace(row, key);
  return place === undefined ? String(Number(value.toPrecision(ALL_DIGITS))) : toPlace(value, place);
}
