// A part of the conformance suite (test/laws/engine.ts has the whole) without a test runner: programs with every kind of op,
// the engine against `reference` in float64; integers, bools and random bits must be equal.

/** |found − expected| may be this times max(1, |expected|). */
const TOLERANCE = { float32: 2e-5, float64: 1e-11 };

/** Marsaglia's xorshift32. */
function randomFrom(seed) {
  let state = (seed * 2654435761 + 88172645) >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state = (state ^ (state << 5)) >>> 0;
    return state / 2 ** 32;
  };
}

const between = (low, high) => (random) => low + (high - low) * random();
const word = (random) => Math.floor(random() * 2 ** 32);
const float = (shape, draw = between(-3, 3), shared = false) => ({ dtype: "float", shape, draw, shared });
const shared = (shape, draw) => float(shape, draw, true);

/** Each: inputs, and the outputs that they make. */
function cases({ constant, concat, loop, stack }) {
  return {
    "functions of floats": {
      inputs: { x: float([37]), p: float([37], between(0.05, 8)), w: float([37], between(-0.95, 0.95)) },
      build: ({ x, p, w }) => ({
        ...{ exp: x.exp(), log: p.log(), softplus: x.softplus(), sigmoid: x.sigmoid(), logSigmoid: x.logSigmoid() },
        ...{ tanh: x.tanh(), sqrt: p.sqrt(), lgamma: p.lgamma(), digamma: p.digamma(), trigamma: p.trigamma() },
        ...{ erf: x.erf(), erfc: x.erfc(), erfinv: w.erfinv(), cdf: x.normalCdf(), pow: p.pow(w), ratio: x.div(p) },
        ...{ floor: x.floor(), sign: x.sign(), abs: x.abs(), min: x.min(w), max: x.max(w), logSumExp: x.logSumExp() },
      }),
    },
    "integers and random bits": {
      inputs: { key: { dtype: "uint32", shape: [2], draw: word }, n: { dtype: "uint32", shape: [9], draw: word } },
      build: ({ key, n }) => {
        const at = (i) => key.at(i).broadcastTo([9]);
        const [hi, lo] = threefry([at(0), at(1)], [n.mul(0).add(5), n], (a) => a);
        return {
          hi,
          lo,
          shifted: hi.shiftRight(9),
          both: hi.and(lo),
          either: hi.or(lo),
          product: hi.mul(lo),
          less: hi.lt(lo),
        };
      },
    },
    "shapes, sums and products of matrices": {
      inputs: {
        x: float([3, 5]),
        m: shared([7, 5]),
        v: float([5]),
        i: { dtype: "int32", shape: [4], draw: () => 1, shared: true },
      },
      build: ({ x, m, v, i }) => ({
        ...{ sum: x.sum(), rows: x.sum(1), most: x.reduceMax(0), mean: x.mean(), dot: v.dot(v), turned: x.transpose() },
        ...{
          product: m.matvec(v),
          back: m.transposedMatvec(m.matvec(v)),
          joined: concat([v, v.neg()]),
          part: v.slice(1, 4),
        },
        ...{ taken: v.gather(i), scattered: v.slice(0, 4).scatterAdd(i, 6), stacked: stack([v.at(0), v.at(4)]) },
      }),
    },
    "choices, NaN and infinity": {
      inputs: { x: float([8]) },
      build: ({ x }) => ({
        root: x.lt(0).select(0, x.sqrt()),
        bad: x.sqrt().isFinite(),
        none: x.mul(0).div(x.mul(0)),
        large: x.square().add(1).mul(1e30).mul(1e30).mul(1e30).mul(1e30).mul(1e300),
      }),
    },
    "loops in loops": {
      inputs: { x: float([4]), n: { dtype: "int32", shape: [], draw: () => 3, shared: true } },
      build: ({ x, n }) =>
        loop(n, { sum: x, last: x.sum() }, (c, i) => {
          const inner = loop(i.add(1), { v: c.sum }, (d, j) => ({
            v: d.v.add(c.last).mul(0.5).add(j.add(i).toFloat()),
          }));
          return { sum: inner.v, last: c.last.add(inner.v.at(1)).tanh() };
        }),
    },
    "constants of many elements": {
      inputs: { v: float([3]) },
      build: ({ v }) => ({
        y: constant(
          Float64Array.from({ length: 150_000 }, (_, i) => Math.sin(i)),
          [50_000, 3],
        )
          .matvec(v)
          .mul(0.01)
          .sum(),
      }),
    },
  };
}

const rotations = [13, 15, 26, 6, 17, 29, 16, 24];

/** Threefry2x32, 20 rounds [Salmon et al. 2011]. */
function threefry(key, counter) {
  const schedule = [key[0], key[1], key[0].xor(key[1]).xor(0x1bd11bda)];
  let [a, b] = [counter[0].add(key[0]), counter[1].add(key[1])];
  for (let round = 0; round < 20; round++) {
    a = a.add(b);
    b = b.rotateLeft(rotations[round % 8]).xor(a);
    if (round % 4 < 3) continue;
    const injection = (round + 1) / 4;
    a = a.add(schedule[injection % 3]);
    b = b.add(schedule[(injection + 1) % 3].add(injection));
  }
  return [a, b];
}

function valuesOf(inputs, chains, precision) {
  const random = randomFrom(chains + 1);
  return Object.fromEntries(
    Object.entries(inputs).map(([name, { dtype, shape, draw, shared: isShared = false }]) => {
      const size = shape.reduce((a, b) => a * b, 1) * (isShared ? 1 : chains);
      const values = Array.from({ length: size }, () => draw(random));
      return [name, dtype === "float" && precision === "float32" ? values.map(Math.fround) : values];
    }),
  );
}

async function outputs(engine, program, values, options) {
  const kernel = await engine.compile(program, options);
  for (const [name, data] of Object.entries(values)) kernel.write(name, data);
  await kernel.run(1);
  const read = {};
  for (const name of Object.keys(program.outputs)) read[name] = await kernel.read(name);
  kernel.dispose();
  return read;
}

/** The first place where numbers are further apart than allowed, in words. */
function difference(name, node, found, expected, precision) {
  const allowed = node.dtype === "float" ? TOLERANCE[precision] : 0;
  for (let i = 0; i < expected.length; i++) {
    const wanted = precision === "float32" && node.dtype === "float" ? Math.fround(expected[i]) : expected[i];
    if (Object.is(found[i], wanted) || found[i] === wanted) continue;
    if (Math.abs(found[i] - wanted) <= allowed * Math.max(1, Math.abs(wanted))) continue;
    return `${name}[${i}] is ${found[i]}, expected ${wanted}`;
  }
  return undefined;
}

/** One check for each case and precision: `{ name, passed, detail }`. */
export async function conformance(manychain, engine) {
  const reference = await manychain.createEngine("reference");
  const checks = [];
  for (const [title, { inputs, build }] of Object.entries(cases(manychain))) {
    const nodes = Object.fromEntries(Object.entries(inputs).map(([name, type]) => [name, manychain.input(name, type)]));
    const source = manychain.program(title, build(nodes), Object.values(nodes));
    for (const precision of ["float32", "float64"]) {
      const values = valuesOf(inputs, 5, precision);
      const found = await outputs(engine, source, values, { precision, chains: 5 });
      const expected = await outputs(reference, source, values, { precision: "float64", chains: 5 });
      const [first] = Object.entries(source.outputs).flatMap(
        ([name, node]) => difference(name, node, found[name], expected[name], precision) ?? [],
      );
      checks.push({ name: `conformance: ${title}, ${precision}`, passed: first === undefined, detail: first ?? "" });
    }
  }
  return [...checks, ...(await blocks(manychain, engine))];
}

/** Blocks of any length, and neighbours of any kind, change no bit. */
async function blocks(manychain, engine) {
  const nodes = { x: manychain.input("x", { dtype: "float", shape: [61] }) };
  const { x } = nodes;
  const source = manychain.program("walk", { next: x.mul(0.9).add(x.exp().sum().tanh()), seen: x.sum() }, [x]);
  const roles = { precision: "float32", carried: { next: "x" }, recorded: ["seen"] };
  const all = Float32Array.from({ length: 61 * 9 }, (_, i) => Math.sin(i));
  const walk = async (values, lengths) => {
    const chains = values.length / 61;
    const kernel = await engine.compile(source, { ...roles, chains });
    kernel.write("x", values);
    const seen = Array.from({ length: chains }, () => []);
    for (const length of lengths) {
      const { seen: part } = await kernel.run(length);
      for (const [c, own] of seen.entries()) own.push(...part.subarray(c * length, (c + 1) * length));
    }
    kernel.dispose();
    return seen;
  };
  const whole = await walk(all, [12]);
  const parts = await walk(all, [1, 7, 4]);
  const poisoned = await walk(all.slice().fill(Number.NaN, 61, 122), [12]);
  const alone = await walk(all.slice(61 * 8), [12]);
  const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
  return [
    { name: "bits: blocks of 1, 7 and 4 iterations are one of 12", passed: same(whole, parts), detail: "" },
    {
      name: "bits: a neighbour of NaN",
      passed: same(whole[0], poisoned[0]) && same(whole[8], poisoned[8]),
      detail: "",
    },
    { name: "bits: a chain alone", passed: same(whole[8], alone[0]), detail: "" },
  ];
}
