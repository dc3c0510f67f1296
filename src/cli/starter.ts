const config = `# A run of manychain. All options: manychain config schema, or docs/configuration.md.
name: line
model: ./model.ts
data:
  x: { csv: data.csv, column: x }
  y: { csv: data.csv, column: y }
chains: 64
warmup: 500
draws: 1000
seed: 1
`;

const model = `import { halfNormal, model, normal, real } from "manychain";

/** A straight line through points: y = intercept + slope * x + noise. */
export default model({
  name: "line",
  data: { x: real("observation"), y: real("observation") },
  parameters: {
    intercept: normal(0, 10),
    slope: normal(0, 10),
    sigma: halfNormal(5),
  },
  likelihood: ({ x, y, intercept, slope, sigma }) =>
    normal(x.mul(slope).add(intercept), sigma).observe(y),
});
`;

/** Made up: about y = 1 + 2 x, noise 0.5. */
const data = `x,y
0,0.83
0.5,2.31
1,2.74
1.5,4.42
2,4.71
2.5,6.35
3,6.62
3.5,8.27
4,8.86
4.5,10.41
5,10.78
5.5,11.63
`;

/** What \`manychain init\` writes. */
export const starterFiles: Readonly<Record<string, string>> = {
  "config.yaml": config,
  "model.ts": model,
  "data.csv": data,
};
