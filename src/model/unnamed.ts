/** Models that were declared without a name. Who knows where they stand, in a file, gives them one. */

interface Named {
  readonly name: string;
  readonly title: string;
}

const unnamed = new WeakSet<object>();

/** Remembers that a declaration gave no name. */
export function withoutName<M extends Named>(model: M): M {
  unnamed.add(model);
  return model;
}

/** The model under this name, where its declaration gave none. */
export function named<M extends Named>(model: M, name: string): M {
  if (!unnamed.has(model)) return model;
  return { ...model, name, title: model.title === model.name ? name : model.title };
}
