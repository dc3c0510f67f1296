import { createHash } from "node:crypto";
import { isMainThread } from "node:worker_threads";
import { type Build, compileCached } from "./cache.ts";
import type { Client } from "./client.ts";
import { type DeviceOptions, type OpenDevice, openDevice } from "./device.ts";
import type { Executable } from "./handles.ts";

/** How long a client without kernels stays open, in milliseconds: the next batch needs it again. */
const IDLE = 2000;
/** Executables without kernels that are kept, the last used ones. */
const KEPT = 8;

interface Entry {
  readonly executable: Executable;
  users: number;
}

/** The client of an engine, opened when it is needed, and the executables that it holds. */
export class Session {
  private readonly options: DeviceOptions;
  private open: Promise<OpenDevice> | undefined;
  private users = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly executables = new Map<string, Entry>();

  constructor(options: DeviceOptions) {
    this.options = options;
  }

  /** The device; each call needs a `release`. */
  async acquire(): Promise<OpenDevice> {
    clearTimeout(this.timer);
    this.users++;
    try {
      this.open ??= this.openOnce();
      return await this.open;
    } catch (error) {
      this.users--;
      this.open = undefined;
      throw error;
    }
  }

  release(client: Client): void {
    this.users--;
    if (this.users > 0) return;
    this.timer = setTimeout(() => {
      this.close(client);
    }, IDLE);
    this.timer.unref();
  }

  /** Compiled code for a text: what is in use or was of late, else from the cache on disk, else compiled. Give it back. */
  compile(
    client: Client,
    text: string,
    build: Build,
  ): { readonly executable: Executable; readonly giveBack: () => void } {
    const key = createHash("sha256").update(JSON.stringify(build)).update(text).digest("hex");
    const entry = this.executables.get(key) ?? { executable: compileCached(client, text, build), users: 0 };
    entry.users++;
    this.executables.delete(key);
    this.executables.set(key, entry);
    return {
      executable: entry.executable,
      giveBack: () => {
        entry.users--;
        this.prune(client, KEPT);
      },
    };
  }

  private async openOnce(): Promise<OpenDevice> {
    const device = await openDevice(this.options);
    // A process ends with its clients; a worker thread must close its own.
    if (!isMainThread) process.once("exit", () => this.close(device.client));
    return device;
  }

  private close(client: Client): void {
    if (this.users > 0 || this.open === undefined) return;
    this.open = undefined;
    this.prune(client, 0);
    client.dispose();
  }

  /** Free the executables that nobody uses, but for the last `kept` of them. */
  private prune(client: Client, kept: number): void {
    const idle = [...this.executables].filter(([, { users }]) => users === 0);
    for (const [key, { executable }] of idle.slice(0, Math.max(0, idle.length - kept))) {
      this.executables.delete(key);
      client.freeExecutable(executable);
    }
  }
}
