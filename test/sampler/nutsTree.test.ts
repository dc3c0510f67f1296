import { referenceEngine } from "../../src/engine/reference/engine.ts";
import { wasmEngine } from "../../src/engine/wasm/engine.ts";
import { nutsTreeLaws } from "../laws/nutsTree.ts";

nutsTreeLaws("reference", referenceEngine, "float64");
nutsTreeLaws("wasm", wasmEngine, "float64");
nutsTreeLaws("wasm", wasmEngine, "float32");
