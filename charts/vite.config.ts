// One HTML file with everything in it: hosts show it in a frame that may load nothing.
import { defineConfig } from "vite";
import { viteSingleFile } from "vite-plugin-singlefile";

export default defineConfig({
  plugins: [viteSingleFile({ removeViteModuleLoader: true })],
  build: {
    // The first of each with light-dark(), which older targets would have rewritten to follow the system alone.
    target: ["chrome123", "firefox121", "safari17.5"],
    rolldownOptions: { input: "charts.html" },
    chunkSizeWarningLimit: 200,
    reportCompressedSize: false,
  },
});
