// One HTML file with everything in it: hosts show it in a frame that may load nothing.
import { defineConfig } from "vite";
import { viteSingleFile } from "vite-plugin-singlefile";

export default defineConfig({
  plugins: [viteSingleFile({ removeViteModuleLoader: true })],
  build: {
    target: "es2022",
    rolldownOptions: { input: "charts.html" },
    chunkSizeWarningLimit: 200,
    reportCompressedSize: false,
  },
});
