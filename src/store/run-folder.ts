/** Makes the folder of a run: `<root>/<config name>/<run id>`. */
import { lstat, mkdir, realpath } from "node:fs/promises";
import { join, relative, resolve, sep } from "node:path";
import { StoreError } from "../errors.ts";
import { errorCode, guarded, makeFolders, storeError } from "./files.ts";
import { refuseLocked } from "./lock.ts";
import { removeResults } from "./own-files.ts";

/** Where a run's folder lies. */
export interface RunFolder {
  /** The folder of all results; made where it is missing. */
  readonly root: string;
  /** Name of the config: one plain folder name. */
  readonly configName: string;
  /** Replace an existing run of that id. */
  readonly force?: boolean;
}

/** Refuses a folder that a link leads out of the results folder. */
async function checkInside(root: string, path: string): Promise<void> {
  const real = await guarded("open the folder", path, () => realpath(path));
  const way = relative(await guarded("open the folder", root, () => realpath(root)), real);
  if (way === ".." || way.startsWith(`..${sep}`) || resolve(way) === way) {
    throw new StoreError(
      `${path} is a link to ${real}, outside the results folder ${root}. Remove the link, or choose another folder with --out.`,
    );
  }
}

/** Removes an existing run for `force`. @throws StoreError for a link, and for what is not a run's folder alone */
async function removeRun(directory: string): Promise<void> {
  const info = await guarded("open the folder", directory, () => lstat(directory));
  if (!info.isDirectory()) {
    throw new StoreError(`${directory} exists and is not a results folder: it is not replaced. Choose another run id.`);
  }
  await refuseLocked(directory);
  await removeResults(directory);
}

/** A run's folder, by its absolute path. */
export interface MadeFolder {
  readonly id: string;
  readonly directory: string;
}

/** Makes the folder of all runs of a config, then what `make` makes in it; where either fails, nothing is left behind. */
async function inParent(options: RunFolder, make: (parent: string) => Promise<MadeFolder>): Promise<MadeFolder> {
  const root = resolve(options.root);
  const parent = join(root, options.configName);
  const undo = await makeFolders(parent);
  try {
    await checkInside(root, parent);
    return await make(parent);
  } catch (error) {
    await undo();
    throw error;
  }
}

/** Makes the folder of a run that nobody named; where two begin in one second, the second gets a number. */
export async function makeNewRunFolder(options: RunFolder, id: string): Promise<MadeFolder> {
  return await inParent(options, async (parent) => {
    for (let n = 1; ; n++) {
      const numbered = n === 1 ? id : `${id}-${n}`;
      const directory = join(parent, numbered);
      try {
        await mkdir(directory);
        return { id: numbered, directory };
      } catch (error) {
        if (errorCode(error) !== "EEXIST") throw storeError(error, "make the results folder", directory);
      }
    }
  });
}

/** Makes the folder of a run that has a name, or empties it for `force`. */
export async function makeRunFolder(options: RunFolder, id: string): Promise<MadeFolder> {
  return await inParent(options, async (parent) => {
    const directory = join(parent, id);
    try {
      await mkdir(directory);
    } catch (error) {
      if (errorCode(error) !== "EEXIST") throw storeError(error, "make the results folder", directory);
      if (options.force !== true) {
        throw new StoreError(
          `the run ${directory} exists already and is not overwritten. Give another --run-id, or replace it with --force.`,
        );
      }
      await removeRun(directory);
      await guarded("make the results folder", directory, () => mkdir(directory));
    }
    return { id, directory };
  });
}
