/** The HDF5 library (h5wasm), loaded on first use: its errors are exceptions, and it prints nothing. */
type Library = typeof import("h5wasm/node").default;

let loaded: Promise<Library> | undefined;
let instances = 0;

/** An instance of its own: the same file under another name, for a module is evaluated once for each name. */
async function instance(): Promise<Library> {
  const url = `${import.meta.resolve("h5wasm/node")}?instance=${instances++}`;
  const { default: library } = (await import(/* @vite-ignore */ url)) as typeof import("h5wasm/node");
  (await library.ready).activate_throwing_error_handler();
  return library;
}

/**
 * The library binds console.error when it is loaded, and prints there what it throws as well. So it gets one that stops
 * printing once it is loaded; nothing else is kept from printing.
 */
async function load(): Promise<Library> {
  const { error } = console;
  let isLoaded = false;
  const untilLoaded = (...values: unknown[]): void => {
    if (!isLoaded) error.apply(console, values);
  };
  console.error = untilLoaded;
  try {
    return await instance();
  } finally {
    isLoaded = true;
    if (console.error === untilLoaded) console.error = error;
  }
}

/** The library's classes. */
export async function hdf5(): Promise<Library> {
  loaded ??= load();
  return await loaded;
}

/** After a failure inside the library: its memory cannot be trusted any more, so the next use gets a new instance. */
export function discardHdf5(): void {
  loaded = undefined;
}
