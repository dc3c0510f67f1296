// npm run golden: writes the golden files of the shipped configs anew, when their draws are meant to change.
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { verify } from "manychain";

const path = (name) => fileURLToPath(new URL(`../${name}`, import.meta.url));
/** Its data are not shipped. */
const WITHOUT_DATA = "german-credit.yaml";

for (const file of readdirSync(path("config")).filter((name) => name.endsWith(".yaml") && name !== WITHOUT_DATA)) {
  const golden = path(`test/golden/${file.replace(".yaml", ".json")}`);
  console.log((await verify(path(`config/${file}`), { golden, update: true })).text);
}
