import type { Tensor, Tf } from "./backend.ts";

/** Tensors that a kernel needs again and again, made once and freed with it. */
export class Constants {
  private readonly tf: Tf;
  private readonly known = new Map<string, Tensor>();

  constructor(tf: Tf) {
    this.tf = tf;
  }

  float(x: number): Tensor {
    return this.once(`float ${Object.is(x, -0) ? "-0" : x}`, () => this.tf.scalar(x, "float32"));
  }

  word(x: number): Tensor {
    return this.once(`word ${x}`, () => this.tf.scalar(x, "int32"));
  }

  /** The tensor of that name; `make` is called the first time. */
  once(key: string, make: () => Tensor): Tensor {
    const found = this.known.get(key);
    if (found !== undefined) return found;
    const made = this.tf.keep(make());
    this.known.set(key, made);
    return made;
  }

  dispose(): void {
    for (const tensor of this.known.values()) tensor.dispose();
    this.known.clear();
  }
}
