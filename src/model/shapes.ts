/**
 * Log densities of continuous distributions with shapes, however large, as a deviance from the mean and what Stirling's formula
 * says of it [Loader 2000]. Of known data and scalar parameters, what differs by row is a number times what does not: sums
 * over the data are made before anything runs.
 */
import { elementary } from "../graph/elementary.ts";
import { constant, type Node } from "../graph/node.ts";
import { computed, constantOf, knownNumbers, remembered } from "./known.ts";
import { HALF_LOG_TWO_PI } from "./logarithm.ts";

/** log Γ(x) = (x − ½) log x − x + ½ log 2π + rest: of shape a, ½ log a − ½ log 2π − rest, which normalises a gamma density. */
export function gammaConstant(shape: Node): Node {
  return shape.log().mul(0.5).sub(HALF_LOG_TWO_PI).sub(shape.stirlingRest());
}

/**
 * a·(log r − r + 1), which is never above 0: what a gamma variable's density loses at r times a / rate, given a·r and log r. Near
 * r = 1 it is a·(log(1 + e) − e) for e = (a·r − a)/a; elsewhere the slopes of the two would cancel.
 */
export function gammaDeviance(shape: Node, product: Node, logRatio: Node): Node {
  const excess = product.sub(shape).div(shape);
  const far = logRatio.add(1).mul(shape).sub(product);
  return isNear(excess).select(excess.log1pmx().mul(shape), far);
}

/** Is log(1 + e) − e best taken together? */
function isNear(excess: Node): Node {
  return excess.gt(-0.5).and(excess.lt(1));
}

/** Data x = centre·(1 + excess), and log(1 + excess) − excess; the centre is a number that float32 holds. */
interface Centred {
  readonly centre: number;
  readonly excess: Node;
  readonly bend: Node;
}

/** Known data about a centre. */
function centred(numbers: ArrayLike<number>, centre: number, shape: readonly number[]): Centred {
  const excess = Float64Array.from(numbers, (x) => (x - centre) / centre);
  return { centre, excess: constant(excess, shape), bend: constant(excess.map(elementary.log1pmx), shape) };
}

/** The mean of data of which all are positive and finite, as float32 holds it; undefined for others. */
function centreOf(numbers: ArrayLike<number>): number | undefined {
  const all = Array.from(numbers);
  const mean = Math.fround(all.reduce((sum, x) => sum + x, 0) / all.length);
  return all.every((x) => x > 0 && x < Infinity) && mean > 1e-30 && mean < 1e30 ? mean : undefined;
}

/** Positive data about their mean. */
const aboutMean = remembered((data): { readonly found: Centred | undefined } => {
  const numbers = knownNumbers(data)!;
  const centre = centreOf(numbers);
  return { found: centre === undefined ? undefined : centred(numbers, centre, data.shape) };
});

/** Data between 0 and 1 about their mean, and what they leave of 1 about the mean of that. */
const portionsAboutMean = remembered((data): { readonly found: readonly [Centred, Centred] | undefined } => {
  const numbers = Array.from(knownNumbers(data)!);
  const centre = centreOf(numbers);
  if (centre === undefined || numbers.some((x) => x >= 1)) return { found: undefined };
  const rests = numbers.map((x) => 1 - x);
  return { found: [centred(numbers, centre, data.shape), centred(rests, 1 - centre, data.shape)] };
});

/** The constant that data are, where the parameters are scalars. */
function dataOf(data: Node, ...parameters: readonly Node[]): Node | undefined {
  return data.size > 0 && parameters.every(({ size }) => size === 1) ? constantOf(data) : undefined;
}

/** `gammaDeviance` of known data, where shape and rate are scalars: at the centre, and what each row has besides. */
export function gammaDevianceOfData(x: Node, shape: Node, rate: Node): Node | undefined {
  const data = dataOf(x, shape, rate);
  const found = data === undefined ? undefined : aboutMean(data).found;
  if (found === undefined) return undefined;
  const product = rate.mul(found.centre);
  const atCentre = gammaDeviance(shape, product, product.div(shape).log());
  const differing = found.bend.mul(shape).sub(found.excess.mul(product.sub(shape)));
  return differing.add(atCentre);
}

/** A number between 0 and 1, and what it leaves of 1, with their logarithms. */
export interface Portions {
  readonly part: Node;
  readonly rest: Node;
  readonly logPart: Node;
  readonly logRest: Node;
}

/** The log density of shapes a and b. */
export function betaAround(a: Node, b: Node, { part, rest, logPart, logRest }: Portions): Node {
  const deviance = betaDevianceOfData(a, b, part) ?? betaDeviance(a, b, { part, rest, logPart, logRest });
  const sum = a.add(b);
  const constants = a.div(sum).mul(b).log().mul(0.5).sub(HALF_LOG_TWO_PI);
  const rests = sum.stirlingRest().sub(a.stirlingRest()).sub(b.stirlingRest());
  return deviance.sub(logPart).sub(logRest).add(constants.add(rests));
}

function betaDeviance(a: Node, b: Node, { part, rest, logPart, logRest }: Portions): Node {
  // part / (its mean a/(a + b)) − 1, and the same of the rest
  const distance = part.mul(b).sub(rest.mul(a));
  const [over, under] = [distance.div(a), distance.div(b).neg()];
  const near = over.log1pmx().mul(a).add(under.log1pmx().mul(b));
  const far = logPart
    .add(b.div(a).log1p())
    .mul(a)
    .add(logRest.add(a.div(b).log1p()).mul(b));
  return isNear(over).and(isNear(under)).select(near, far);
}

/** The same of known data, where the shapes are scalars: at their mean, and what each row has besides. */
function betaDevianceOfData(a: Node, b: Node, part: Node): Node | undefined {
  const data = dataOf(part, a, b);
  const found = data === undefined ? undefined : portionsAboutMean(data).found;
  if (found === undefined) return undefined;
  const [above, below] = found;
  const { centre } = above;
  const [logPart, logRest] = [constant(elementary.log(centre)), constant(elementary.log1p(-centre))];
  const portions = { part: constant(centre), rest: constant(below.centre), logPart, logRest };
  const slope = a
    .mul(below.centre)
    .sub(b.mul(centre))
    .mul(1 / below.centre);
  const differing = above.bend.mul(a).add(below.bend.mul(b)).add(above.excess.mul(slope));
  return differing.add(betaDeviance(a, b, portions));
}

/** log Γ(a + ½) − log Γ(a) − ½ log a for a > 0, which goes to −1/(8a): a·(log(1 + h) − h) for h = 1/(2a), and rests. */
export function logGammaRatio(a: Node): Node {
  const leading = a.mul(a.mul(2).reciprocal().log1pmx());
  return leading.add(a.add(0.5).stirlingRest().sub(a.stirlingRest()));
}

/** log(x·y), where x may be e^z, of which z is known and x may have underflowed. */
export function logOfProduct(x: Node, y: Node): Node {
  return x.is("exp") ? x.inputs[0]!.add(computed(y.log())) : x.mul(computed(y)).log();
}
