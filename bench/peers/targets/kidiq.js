import { flat, halfCauchy, model, normal, real } from "manychain";

/** posteriordb's kidiq-kidscore_interaction, as in kidiq.py. */
export default model({
  name: "kidiq",
  data: { kid_score: real("child"), mom_hs: real("child"), mom_iq: real("child") },
  dimensions: { coefficient: 4 },
  parameters: {
    beta: flat().over("coefficient"),
    sigma: halfCauchy(2.5),
  },
  likelihood: ({ kid_score, mom_hs, mom_iq, beta, sigma }) => {
    const both = beta.at(3).mul(mom_hs).mul(mom_iq);
    const mean = beta.at(0).add(beta.at(1).mul(mom_hs)).add(beta.at(2).mul(mom_iq)).add(both);
    return normal(mean, sigma).observe(kid_score);
  },
});
