// Builds the page into dist/: one script, one style sheet, the fonts, and index.html. `--watch` builds again on change.
import { cpSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, context } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, "dist");

// The renderer scopes its styles by an id; a page with many messages needs a class in its place, as weighty.
const renderedByClass = {
  name: "rendered-by-class",
  setup(builder) {
    builder.onLoad({ filter: /slack-blocks-to-jsx[\\/]dist[\\/]style\.css$/ }, ({ path }) => ({
      contents: readFileSync(path, "utf8").replaceAll("#slack_blocks_to_jsx", ".rendered.rendered.rendered"),
      loader: "css",
    }));
  },
};

const options = {
  entryPoints: { page: join(here, "src/main.jsx") },
  outdir: dist,
  bundle: true,
  minify: true,
  sourcemap: false,
  jsx: "automatic",
  format: "iife",
  target: ["chrome110", "firefox115", "safari16"],
  define: { "process.env.NODE_ENV": '"production"' },
  loader: { ".woff2": "file", ".woff": "empty" },
  assetNames: "fonts/[name]-[hash]",
  legalComments: "linked",
  plugins: [renderedByClass],
  logLevel: "info",
};

rmSync(dist, { recursive: true, force: true });
if (process.argv.includes("--watch")) {
  const watching = await context({ ...options, minify: false, sourcemap: "inline" });
  await watching.watch();
} else {
  await build(options);
}
// Last of all: index.html says to make, and to the server, that the bundle is whole.
for (const file of ["icon.svg", "index.html"]) cpSync(join(here, file), join(dist, file));
