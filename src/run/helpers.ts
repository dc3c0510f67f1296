import { MessageChannel, receiveMessageOnPort, Worker } from "node:worker_threads";
import type { EngineOptions } from "../engine/engine.ts";
import type { Failure, ToHelper } from "../engine/wasm/helper.ts";
import type { HelperThread, HelperWords } from "../engine/wasm/team.ts";
import { threadFile } from "./package.ts";

/** What a helper thread is given. */
export interface HelperData extends HelperWords {
  readonly port: MessagePort;
}

type MessagePort = MessageChannel["port1"];

/** What an engine is asked for, with so many helpers. */
export function withHelpers(options: EngineOptions, count: number): EngineOptions {
  return count > 0 ? { ...options, helpers: { count, start } } : options;
}

function start(words: HelperWords): HelperThread {
  const { port1, port2 } = new MessageChannel();
  const workerData: HelperData = { ...words, port: port2 };
  const worker = new Worker(threadFile("helper"), { workerData, transferList: [port2], execArgv: [] });
  let death: string | undefined;
  worker.on("error", ({ message }) => {
    death ??= message;
  });
  worker.on("exit", (code) => {
    death ??= `it ended with code ${code}`;
  });
  // It lives as long as its owner, and does not keep that alive.
  worker.unref();
  return {
    post: (message: ToHelper) => port1.postMessage(message),
    receive: () => receiveMessageOnPort(port1)?.message as Failure | undefined,
    death: () => death,
  };
}
