// One file with a fixed name, so that a new build changes one file only.
export default {
  base: "./",
  esbuild: { jsx: "automatic", legalComments: "inline" },
  build: { outDir: "../react_page", emptyOutDir: true, modulePreload: false,
    rollupOptions: { output: { entryFileNames: "page.js" } } },
};
