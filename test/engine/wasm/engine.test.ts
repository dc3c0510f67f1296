import { wasmEngine } from "../../../src/engine/wasm/engine.ts";
import { engineLaws } from "../../laws/engine.ts";

engineLaws("wasm", wasmEngine, { precisions: ["float32", "float64"], sameBits: true });
