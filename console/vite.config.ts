import react from "@vitejs/plugin-react";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { defineConfig, type Plugin } from "vite";

// The server sends these where a browser takes them: it compresses nothing itself for each request.
function brotli(): Plugin {
  let folder = "";
  return {
    name: "brotli",
    configResolved: (config) => {
      folder = config.build.outDir;
    },
    closeBundle: () => {
      const assets = join(folder, "assets");
      for (const name of readdirSync(assets))
        if (/\.(js|css|svg)$/.test(name))
          writeFileSync(join(assets, `${name}.br`), brotliCompressSync(readFileSync(join(assets, name))));
    },
  };
}

export default defineConfig({
  plugins: [react(), brotli()],
  build: { target: "es2022", cssCodeSplit: false, modulePreload: { polyfill: false }, chunkSizeWarningLimit: 700 },
});
