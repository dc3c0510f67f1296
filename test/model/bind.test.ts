import { describe, expect, it } from "vitest";
import { constant, input, stack } from "../../src/graph/node.ts";
import { bind } from "../../src/model/bind.ts";
import { binary, count, index, integer, positive, real } from "../../src/model/data.ts";
import { density } from "../../src/model/density.ts";
import { bernoulli } from "../../src/model/distributions/bernoulli.ts";
import { flat } from "../../src/model/distributions/flat.ts";
import { halfCauchy } from "../../src/model/distributions/halfCauchy.ts";
import { halfNormal } from "../../src/model/distributions/halfNormal.ts";
import { normal } from "../../src/model/distributions/normal.ts";
import { poisson } from "../../src/model/distributions/poisson.ts";
import { uniform } from "../../src/model/distributions/uniform.ts";
import { along, type Model, model } from "../../src/model/model.ts";
import { evaluateAt, logDensityAt } from "../laws/numeric.ts";

const vector = (...data: number[]) => ({ data, shape: [data.length] });

const regression = model({
  name: "regression",
  data: { x: real("observation", "feature"), y: binary("observation") },
  parameters: { slope: normal(0, 1).over("feature") },
  likelihood: ({ x, y, slope }) => bernoulli({ logits: x.matvec(slope) }).observe(y),
});
const x = { data: [1, 2, 3, 4, 5, 6], shape: [3, 2] };
const y = vector(0, 1, 1);

describe("bind", () => {
  it("checks the names of data", () => {
    expect(() => bind(regression, { data: { x, Y: y } })).toThrow(
      "Model regression needs data named y; did you mean Y? It was given x and Y; it takes x and y.",
    );
    expect(() => bind(regression, { data: { x, y, z: y } })).toThrow("Model regression takes no data named z");
  });

  it("checks shapes and lengths", () => {
    expect(() => bind(regression, { data: { x: y, y } })).toThrow(
      "Data x must have 2 axes (observation, feature); they have 1 axis, shape [3].",
    );
    expect(() => bind(regression, { data: { x, y: vector(1, 0) } })).toThrow(
      "Dimension observation has 2 entries in data y, but 3 in data x: the two must agree.",
    );
    expect(() => bind(regression, { data: { x: { data: [1], shape: [3, 2] }, y } })).toThrow(
      "Data x have shape [3,2], which is 6 numbers, but 1 were given.",
    );
    expect(() => bind(regression, { data: { x: { data: [], shape: [0, 2] }, y } })).toThrow(
      "no entries along observation",
    );
  });

  // What programs in plain JavaScript do.
  it("takes nothing for data, or a model, that only looks like it", () => {
    expect(() => bind(regression, { data: { x, y: { rows: 3 } as never } })).toThrow(
      "Data y must be a number, a list of numbers (in lists, for several axes), a typed array, or { data, shape }; they are an object of another kind.",
    );
    expect(() => bind(undefined as never)).toThrow(
      "bind takes what model(…) or density(…) returns; it was given undef",
    );
    expect(() => bind(density({ dimension: 1, logDensity: () => 3 as never }))).toThrow(
      "Density density must give a node; it gives 3: is a return missing?",
    );
    expect(() => model({} as never)).toThrow("Model model declares no parameters: give some");
  });

  it("checks values, and says where they are", () => {
    const bad = { data: [1, 2, 3, Number.NaN, 5, 6], shape: [3, 2] };
    expect(() => bind(regression, { data: { x: bad, y } })).toThrow(
      "Data x must be finite numbers; observation 1, feature 1 (from 0) is NaN.",
    );
    expect(() => bind(regression, { data: { x, y: vector(0, 2, 1) } })).toThrow(
      "Data y must be 0 or 1; observation 1 (from 0) is 2.",
    );
    const kinds = model({
      data: { p: positive("n"), c: count("n"), i: integer("n"), s: index("school", "n") },
      parameters: { mu: normal(0, 1).over("school") },
    });
    const good = { p: vector(1, 2), c: vector(0, 3), i: vector(-1, 5), s: vector(0, 2) };
    const bound = (changed: Partial<typeof good>) =>
      bind(kinds, { data: { ...good, ...changed }, dimensions: { school: 3 } });
    expect(bound({}).dimension).toBe(3);
    expect(() => bound({ p: vector(1, 0) })).toThrow("greater than 0; n 1 (from 0) is 0");
    expect(() => bound({ c: vector(0.5, 1) })).toThrow("whole numbers from 0; n 0 (from 0) is 0.5");
    expect(() => bound({ i: vector(0, 2 ** 31) })).toThrow("fit 32 bits; n 1 (from 0) is 2147483648");
    expect(() => bound({ s: vector(0, 3) })).toThrow("from 0 to 2 (dimension school has 3 entries); n 1 (from 0) is 3");
    expect(() => bind(kinds, { data: good })).toThrow("Data s point into dimension school, whose size is not known");
  });

  it("checks labels", () => {
    expect(() => bind(regression, { data: { x, y }, coordinates: { feature: ["a"] } })).toThrow(
      "Dimension feature has 2 entries in data x, but 1 in the size or the labels given",
    );
    expect(() => bind(regression, { data: { x, y }, coordinates: { feature: ["a", "a"] } })).toThrow(
      'the label "a" twice',
    );
    expect(() => bind(regression, { data: { x, y }, coordinates: { features: ["a", "b"] } })).toThrow(
      "did you mean feature?",
    );
  });

  it("gives a dimension without labels numbers", () => {
    const bound = bind(regression, { data: { x, y }, coordinates: { feature: ["height", "width"] } });
    expect(bound.coordinates).toEqual({ observation: [0, 1, 2], feature: ["height", "width"] });
    expect(bound.coordinateNames).toEqual(["slope[height]", "slope[width]"]);
    expect(Object.keys(bound.observed)).toEqual(["y"]);
    expect(bound.constants["x"]).toMatchObject({ dims: ["observation", "feature"], shape: [3, 2], dtype: "float" });
  });
});

describe("a declaration", () => {
  it("refuses a name that is used before it is declared, or unknown", () => {
    const parameters = {
      theta: ({ tau }: { readonly tau: never }) => normal(0, tau),
      tau: halfCauchy(5),
    };
    const early = model({ parameters: parameters as never }) as Model;
    expect(() => bind(early)).toThrow("The prior of theta uses tau, which is declared after it: declare tau first.");
    const wrong = {
      ...early,
      parameters: { mu: normal(0, 1), t: ((known: { nu: never }) => normal(known.nu, 1)) as never },
    };
    expect(() => bind(wrong)).toThrow("The prior of t uses nu, which is neither data nor a parameter");
  });

  it("refuses one name for two things, and names that are no words", () => {
    expect(() => model({ data: { a: real() }, parameters: { a: normal(0, 1) } })).toThrow(
      "for data and for a parameter",
    );
    expect(() => model({ parameters: { "a b": normal(0, 1) } })).toThrow('"a b" is no name');
    const twice = model({ parameters: { a: normal(0, 1) }, derived: ({ a }) => ({ a: a.exp() }) });
    expect(() => bind(twice)).toThrow("derived a has the name of something else");
  });

  it("refuses what cannot be a parameter", () => {
    expect(() => bind(model({ parameters: { n: poisson({ logRate: 0 }) } }))).toThrow("continuous parameters");
    expect(() => bind(model({ parameters: { a: normal(0, 1).over("schol") }, dimensions: { school: 2 } }))).toThrow(
      "Parameter a has a dimension schol, whose size is not known; did you mean school?",
    );
    const unnamed = model({
      data: { m: real("n") },
      parameters: { a: ({ m }) => normal(m, 1) },
    });
    expect(() => bind(unnamed, { data: { m: vector(1, 2) } })).toThrow("name its dimensions with .over(…)");
    expect(() => bind(model({ parameters: {} }))).toThrow("has no parameters");
  });

  it("refuses parameters of a distribution outside of their range", () => {
    expect(() => normal(0, -1)).toThrow("normal: sd must be greater than 0; it is -1.");
    expect(() => normal(Number.NaN, 1)).toThrow("normal: mean must be a finite number; it is NaN.");
    expect(() => uniform(2, 1)).toThrow("lower < upper");
    expect(() => normal(constant(0), 1).within(0)).toThrow("within(…) needs numbers");
    expect(() => poisson({ logRate: 0 }).within(0)).toThrow("has no within()");
    expect(() => halfNormal(1).observe(constant([1, -1]))).toThrow("element 1 (from 0) is -1");
    expect(() => normal(constant([1, 2]), 1).observe(constant([1, 2, 3]))).toThrow();
  });
});

describe("a bound model", () => {
  it("puts parameters in z in the order of their declaration, and back", () => {
    const bound = bind(
      model({
        dimensions: { k: 2 },
        parameters: {
          mu: normal(0, 1),
          tau: halfCauchy(1),
          p: uniform(-1, 3).over("k"),
          q: ({ tau }) => flat().within(0, tau),
          o: normal(0, 1).over("k").ordered(),
        },
      }),
    );
    expect(bound.parameters.map(({ name, offset, size }) => `${name} ${offset} ${size}`)).toEqual([
      "mu 0 1",
      "tau 1 1",
      "p 2 2",
      "q 4 1",
      "o 5 2",
    ]);
    expect(bound.coordinateNames).toEqual([
      "mu",
      "log tau",
      "logit p[0]",
      "logit p[1]",
      "logit q",
      "ordered o[0]",
      "ordered o[1]",
    ]);
    const values = { mu: 0.5, tau: 2, p: [0, 2], q: 0.5, o: [-1, 4] };
    const z = bound.unconstrain(values);
    const back = bound.constrain(z);
    for (const [name, value] of Object.entries(values)) {
      const numbers = [value].flat();
      numbers.forEach((number, i) => {
        expect(back[name]![i]).toBeCloseTo(number, 12);
      });
    }
    expect(bound.unconstrain({ mu: 7 }, z).slice(1)).toEqual(z.slice(1));
    expect(() => bound.unconstrain({ mu: 7 })).toThrow("tau, p, q and o have none");
    expect(() => bound.unconstrain({ ...values, tau: -1 })).toThrow("tau must be greater than 0; element 0 (from 0)");
    expect(() => bound.unconstrain({ ...values, q: 2.5 })).toThrow("q must be");
    expect(() => bound.unconstrain({ ...values, p: [1] })).toThrow("p has 2 values");
    expect(() => bound.unconstrain({ ...values, ta: 1 })).toThrow("has no parameter ta; did you mean tau?");
  });

  it("has terms that sum to its log density", () => {
    const bound = bind(regression, { data: { x, y } });
    const z = [0.3, -0.2];
    const terms = bound.terms(input("z", { dtype: "float", shape: [2] }));
    expect(Object.keys(terms)).toEqual(["prior of slope", "likelihood of y"]);
    const total = Object.keys(terms).reduce(
      (sum, name) => sum + evaluateAt({ z }, ({ z }) => bound.terms(z!)[name]!).value[0]!,
      0,
    );
    expect(logDensityAt(bound, z).logDensity).toBeCloseTo(total, 14);
  });

  it("refuses a z of another length", () => {
    const bound = bind(regression, { data: { x, y } });
    expect(() => bound.logDensity(input("z", { dtype: "float", shape: [3] }))).toThrow(
      "z must be float[2]; it is float[3].",
    );
    expect(() => bound.constrain([1])).toThrow("z must have 2 numbers; it has 1.");
  });

  it("names the axes of derived quantities after what they are made of", () => {
    const bound = bind(
      model({
        data: { x: real("observation", "feature"), school: index("school", "observation") },
        dimensions: { school: 4 },
        parameters: { b: normal(0, 1).over("feature"), theta: normal(0, 1).over("school"), s: halfNormal(1) },
        derived: ({ x, b, theta, school, s }) => ({
          fitted: x.matvec(b).add(theta.gather(school)).mul(s),
          own: theta.gather(school),
          total: b.sum(),
          outer: theta.reshape([4, 1]).mul(b.reshape([1, 2])),
          weighted: x.transposedMatvec(x.matvec(b)),
          part: theta.slice(0, 2),
          named: along(stack([s, s]), "feature"),
          fixed: x.sum(0),
        }),
      }),
      { data: { x, school: vector(0, 3, 3) }, coordinates: { school: ["a", "b", "c", "d"] } },
    );
    const dims = Object.fromEntries(bound.variables.map(({ name, dims }) => [name, dims]));
    expect(dims).toEqual({
      b: ["feature"],
      theta: ["school"],
      s: [],
      fitted: ["observation"],
      own: ["observation"],
      total: [],
      outer: ["school", "feature"],
      weighted: ["feature"],
      part: ["part_dim_0"],
      named: ["feature"],
      fixed: ["feature"],
    });
    expect(bound.coordinates["part_dim_0"]).toEqual([0, 1]);
    const z = input("z", { dtype: "float", shape: [bound.dimension] });
    expect(Object.values(bound.values(z)).every((node) => !node.shared)).toBe(true);
    expect(() => along(z, "a", "b")).toThrow("along() was given a and b for 1 axes");
  });
});

describe("a density", () => {
  it("is accepted as it is", () => {
    const bound = bind(
      density({
        dimension: 2,
        data: { scale: positive() },
        logDensity: (z, { scale }) => z.div(scale).square().sum().mul(-0.5),
        names: ["left", "right"],
      }),
      { data: { scale: { data: [2], shape: [] } } },
    );
    expect(bound.dimension).toBe(2);
    expect(bound.coordinateNames).toEqual(["z[left]", "z[right]"]);
    expect(bound.variables).toEqual([
      { name: "x", dtype: "float", dims: ["coordinate"], shape: [2], role: "parameter" },
    ]);
    const at = logDensityAt(bound, [2, 4]);
    expect(at.logDensity).toBe(-2.5);
    expect([...at.gradient]).toEqual([-0.5, -1]);
    expect(Array.from(bound.constrain([1, 2])["x"]!)).toEqual([1, 2]);
  });

  it("gives one float, and keeps the variables that it names", () => {
    expect(() => bind(density({ dimension: 2, logDensity: (z) => z }))).toThrow("must give one float per chain");
    expect(() => density({ dimension: 0, logDensity: (z) => z.sum() })).toThrow("whole number from 1");
    expect(() => density({ dimension: 2, names: ["a"], logDensity: (z) => z.sum() })).toThrow(
      "2 coordinates but 1 names",
    );
    const bound = bind(
      density({
        dimension: 3,
        logDensity: (z) => z.sum(),
        variables: (z) => ({
          first: z.at(0),
          rest: along(z.slice(1, 3), "side"),
          isHigh: z.at(0).gt(1),
          two: constant(2),
        }),
      }),
    );
    expect(bound.variables.map(({ name, dims, role }) => [name, dims, role])).toEqual([
      ["first", [], "parameter"],
      ["rest", ["side"], "parameter"],
      ["isHigh", [], "derived"],
      ["two", [], "derived"],
    ]);
  });
});

describe("what a model's functions give", () => {
  const bound = (parts: object): (() => unknown) => {
    const whole = { name: "m", parameters: { mu: normal(0, 1) }, ...parts };
    return () => bind(model(whole as unknown as Parameters<typeof model>[0]));
  };

  it("must be there, and of the right kind", () => {
    expect(bound({ likelihood: () => undefined })).toThrow("likelihood gives undefined: is a return missing?");
    expect(bound({ derived: () => undefined })).toThrow("derived gives undefined: is a return missing?");
    expect(bound({ derived: () => ({ a: 3 }) })).toThrow("Derived a must be a node; it is 3.");
    expect(bound({ parameters: { mu: 3 } })).toThrow(
      "The prior of mu must be a distribution, such as normal(0, 1); it is 3.",
    );
    expect(bound({ likelihood: () => normal(0, 1) })).toThrow("which data have it? normal(…).observe(y)");
    expect(bound({ likelihood: () => ({ y: 3 }) })).toThrow(
      "Term y of the likelihood must be distribution.observe(data)",
    );
    expect(bound({ likelihood: () => normal(0, 1).observe(undefined as never) })).toThrow("it was given undefined");
  });

  it("is not computed by JavaScript's own operators", () => {
    const mu = vector1();
    expect(() => (mu as unknown as number) > 0).toThrow("A node has no value for JavaScript's operators");
    expect(() => 2 * (mu as unknown as number)).toThrow("x.mul(2)");
    expect(`${mu}`).toBe("[node input float[1]]");
    expect(() => mu.add(undefined as never)).toThrow("An operand must be a node or a number; it is undefined.");
  });

  it("has a name for each quantity", () => {
    const twice = { dimension: 2, names: ["a", "a"], logDensity: () => constant(0) };
    expect(() => density(twice)).toThrow('has the name "a" twice');
    const coordinates = { i: ["a", "a, b"], j: ["c", "b, c"] };
    const grid = model({ name: "grid", parameters: { t: normal(0, 1).over("i", "j") } });
    expect(() => bind(grid, { coordinates })).toThrow("two quantities of the name t[a, b, c]");
  });
});

function vector1() {
  return input("mu", { dtype: "float", shape: [1] });
}
