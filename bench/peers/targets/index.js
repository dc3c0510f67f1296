// How manychain is told of each target of this folder: a config, what it leaves out, and the parameters that are sampled (others
// are derived of them).
import { join } from "node:path";

export function ownModels(reference) {
  const german = join(reference, "german_credit/german_credit_numeric.csv");
  const kidiq = join(reference, "posteriordb/kidiq-kidscore_interaction/data.json");
  const sparse = ["tau", "lambda", "beta"];
  return {
    bc: { config: "config/breast-cancer.yaml", sampled: sparse },
    gc: {
      config: "config/german-credit.yaml",
      sampled: sparse,
      set: [`data.x.csv=${german}`, `data.y.csv=${german}`],
    },
    es: { config: "config/eight-schools.yaml", sampled: ["mu", "tau", "eta"] },
    gauss: { config: "bench/peers/targets/gaussian.yaml", sampled: ["x"] },
    kidiq: {
      config: "bench/peers/targets/kidiq.yaml",
      sampled: ["beta", "sigma"],
      set: ["kid_score", "mom_hs", "mom_iq"].map((name) => `data.${name}.json=${kidiq}`),
    },
  };
}
