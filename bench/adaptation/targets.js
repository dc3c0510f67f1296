// The targets that warm-up is judged on. The German credit data and posteriordb's kidiq are read from MANYCHAIN_REFERENCE
// (default ../shared/reference beside the repository).
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { loadData } from "../../dist/src/config/data.js";
import { loadConfig } from "../../dist/src/config/load.js";
import { constant } from "../../dist/src/graph/node.js";
import { bind } from "../../dist/src/model/bind.js";
import { density } from "../../dist/src/model/density.js";
import { shippedModel } from "../../dist/src/models/registry.js";
import { key, normal } from "../../dist/src/random/index.js";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const reference = (path) => `${process.env.MANYCHAIN_REFERENCE ?? here("../../../shared/reference")}/${path}`;

/** A model by a config's path. */
export function modelOf(path, set = []) {
  const { config, baseDir } = loadConfig(path, { set });
  const data = loadData(config.data, { baseDir });
  return bind(shippedModel(config.model).create(config.options), {
    data: data.values,
    coordinates: config.coordinates,
  });
}

const shipped = (name, set) => () => modelOf(here(`../../config/${name}.yaml`), set);
const geometric = (from, to, D) => Array.from({ length: D }, (_, i) => from * (to / from) ** (i / (D - 1)));

/** Independent normals with standard deviations from `from` to `to`. */
function gaussian(D, from, to) {
  const inverse = constant(geometric(from, to, D).map((sd) => 1 / sd));
  const logDensity = (z) => z.mul(inverse).square().sum().mul(-0.5);
  return bind(density({ name: "gaussian", dimension: D, logDensity }), { data: {} });
}

/** z = sd · (I − 2uuᵀ) x with x of condition number 100: no diagonal metric takes all of it away. */
function rotated(D) {
  const drawn = Array.from(normal(key(5n), D, { precision: "float64" }));
  const norm = Math.sqrt(drawn.reduce((sum, x) => sum + x * x, 0));
  const u = constant(drawn.map((x) => x / norm));
  const inverse = constant(geometric(0.1, 100, D).map((sd) => 1 / sd));
  const inner = constant(geometric(100 ** -0.25, 100 ** 0.25, D).map((sd) => 1 / sd));
  const logDensity = (z) => {
    const y = z.mul(inverse);
    return y
      .sub(u.mul(u.mul(y).sum().mul(2)))
      .mul(inner)
      .square()
      .sum()
      .mul(-0.5);
  };
  return bind(density({ name: "rotated", dimension: D, logDensity }), { data: {} });
}

function kidiq() {
  const d = JSON.parse(readFileSync(reference("posteriordb/kidiq-kidscore_interaction/data.json"), "utf8"));
  const options = { interceptScale: null, coefficientScale: null, noise: "half-cauchy", noiseScale: 2.5 };
  const x = d.mom_hs.flatMap((hs, i) => [hs, d.mom_iq[i], hs * d.mom_iq[i]]);
  return bind(shippedModel("linear-regression").create(options), {
    data: { x: { data: x, shape: [d.N, 3] }, y: { data: d.kid_score, shape: [d.N] } },
  });
}

const german = reference("german_credit/german_credit_numeric.csv");

/** Name → bound model; those whose data are not there are left out. */
export const targets = {
  "breast-cancer": shipped("breast-cancer"),
  ...(existsSync(german) && {
    "german-credit": shipped("german-credit", [`data.x.csv=${german}`, `data.y.csv=${german}`]),
  }),
  "eight-schools": shipped("eight-schools"),
  gaussian: () => gaussian(100, 0.1, 100),
  "gaussian-wide": () => gaussian(100, 1e-3, 1e3),
  rotated: () => rotated(100),
  ...(existsSync(reference("posteriordb")) && { kidiq }),
  funnel: shipped("funnel"),
};
