import { readdirSync, rmSync } from "node:fs";
import { resolve } from "node:path";
import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

// The server embeds this folder; .keep holds its place in a fresh clone.
const outDir = resolve(import.meta.dirname, "../server/page/dist");

const clearAllButKeep: Plugin = {
  name: "clear-all-but-keep",
  apply: "build",
  buildStart() {
    for (const name of readdirSync(outDir)) {
      if (name !== ".keep") rmSync(resolve(outDir, name), { recursive: true });
    }
  },
};

export default defineConfig({
  // The service may run under any path of a proxy.
  base: "./",
  plugins: [react(), clearAllButKeep],
  // Written as React, run by Preact, a tenth of its weight: docs/decisions/15-page-weight.md.
  resolve: {
    alias: {
      "react-dom/client": "preact/compat/client",
      "react/jsx-runtime": "preact/jsx-runtime",
      "react-dom": "preact/compat",
      react: "preact/compat",
    },
  },
  build: {
    outDir,
    emptyOutDir: false,
    target: "es2022",
    // The content policy allows no data: addresses but pictures; files are as good.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1600,
  },
  test: { include: ["src/**/*.test.ts"], environment: "node" },
});
