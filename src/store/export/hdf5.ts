/** The HDF5 library (h5wasm), loaded on first use: its errors are exceptions, and it prints nothing. */
type Library = typeof import("h5wasm/node").default;

let loaded: Promise<Library> | undefined;

async function load(): Promise<Library> {
  const { default: library } = await import("h5wasm/node");
  (await library.ready).activate_throwing_error_handler();
  return library;
}

/** The library's classes. */
export async function hdf5(): Promise<Library> {
  loaded ??= load();
  return await loaded;
}
