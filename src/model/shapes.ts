/**
 * Log densities of continuous distributions with shapes, however large, as a deviance from the mean and what Stirling's formula
 * says of it [Loader 2000]. Of known data and scalar parameters, what differs by row is a number times what does not: sums
 * over the data are made before anything runs.
 */
import { elementary } from "../graph/elementary.ts";
import { constant, type Node } from "../graph/node.ts";
import { computed, knownNumbers } from "./known.ts";
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
function centreOf(numbers: ArrayLike<number> | undefined, parameters: readonly Node[]): number | undefined {
  if (numbers === undefined || numbers.length === 0 || parameters.some(({ size }) => size > 1)) return undefined;
  const all = Array.from(numbers);
  const mean = Math.fround(all.reduce((sum, x) => sum + x, 0) / all.length);
  return all.every((x) => x > 0 && x < Infinity) && mean > 1e-30 && mean < 1e30 ? mean : undefined;
}

/** `gammaDeviance` of known data, where shape and rate are scalars: at the centre, and what each row has besides. */
export function gammaDevianceOfData(data: Node, shape: Node, rate: Node): Node | undefined {
  const numbers = knownNumbers(computed(data));
  const centre = centreOf(numbers, [shape, rate]);
  if (numbers === undefined || centre === undefined) return undefined;
  const { excess, bend } = centred(numbers, centre, data.shape);
  const product = rate.mul(centre);
  const atCentre = gammaDeviance(shape, product, product.div(shape).log());
  return bend
    .mul(shape)
    .sub(excess.mul(product.sub(shape)))
    .add(atCentre);
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
  const numbers = knownNumbers(computed(part));
  const centre = centreOf(numbers, [a, b]);
  if (numbers === undefined || centre === undefined || Array.from(numbers).some((x) => x >= 1)) return undefined;
  const rest = 1 - centre;
  const above = centred(numbers, centre, part.shape);
  const below = centred(
    Array.from(numbers, (x) => 1 - x),
    rest,
    part.shape,
  );
  const [logPart, logRest] = [constant(elementary.log(centre)), constant(elementary.log1p(-centre))];
  const atCentre = betaDeviance(a, b, { part: constant(centre), rest: constant(rest), logPart, logRest });
  const slope = a
    .mul(rest)
    .sub(b.mul(centre))
    .mul(1 / rest);
  return above.bend.mul(a).add(below.bend.mul(b)).add(above.excess.mul(slope)).add(atCentre);
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
