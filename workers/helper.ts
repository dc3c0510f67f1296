/** What a helper thread runs: some of the chains of another thread's batch. Wiring only. */
import { receiveMessageOnPort, workerData } from "node:worker_threads";
import { help, type ToHelper } from "../src/engine/wasm/helper.ts";
import type { HelperData } from "../src/run/helpers.ts";

const { state, board, port } = workerData as HelperData;

help({
  state,
  board,
  receive: () => receiveMessageOnPort(port)?.message as ToHelper | undefined,
  post: (failure) => port.postMessage(failure),
});
port.close();
