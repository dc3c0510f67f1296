export {
  type ArgumentPort,
  type Port,
  type PrintedProgram,
  type PrintOptions,
  printProgram,
  type ResultPort,
} from "./program.ts";
