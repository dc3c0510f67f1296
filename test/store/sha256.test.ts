import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { StoreError } from "../../src/errors.ts";
import { Sha256 } from "../../src/store/sha256.ts";

const nodes = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

test("every length to 300 gives Node's digest", () => {
  const bytes = Uint8Array.from({ length: 300 }, (_, i) => (i * 37) ^ (i >> 3));
  for (let length = 0; length <= 300; length++) {
    const hash = new Sha256();
    hash.update(bytes.subarray(0, length));
    expect(hash.digest()).toBe(nodes(bytes.subarray(0, length)));
  }
});

test("parts of any length, saved and restored between them, give Node's digest; asking for it changes nothing", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 8 }), (parts) => {
      let hash = new Sha256();
      for (const part of parts) {
        hash.update(part);
        hash.digest();
        hash = Sha256.from(hash.save());
      }
      expect(hash.digest()).toBe(nodes(Buffer.concat(parts)));
    }),
  );
});

test("a state of another length is refused", () => {
  expect(() => Sha256.from(new Uint8Array(103))).toThrow(StoreError);
});
