import { constant, density } from "manychain";

const D = 100;
const inverse = constant(Array.from({ length: D }, (_, i) => 1 / (0.1 * 1000 ** (i / (D - 1)))));

/** Independent normals, standard deviations from 0.1 to 100, as in gaussian.py. */
export default density({ name: "gaussian", dimension: D, logDensity: (z) => z.mul(inverse).square().sum().mul(-0.5) });
