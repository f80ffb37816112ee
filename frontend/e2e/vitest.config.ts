import { defineConfig } from "vitest/config";

/** The page in a real browser, on a running service with the demonstration city: GRIDWRIGHT_E2E_URL says where. */
export default defineConfig({
  root: import.meta.dirname,
  test: {
    include: ["*.test.ts"],
    // One service and two cores for all; edits of one file must not surprise another.
    fileParallelism: false,
    // Software drawing on a busy machine is slow; nothing here measures time.
    testTimeout: 180_000,
    hookTimeout: 120_000,
  },
});
