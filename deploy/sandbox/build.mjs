/**
 * Builds the page of a sandbox: node build.mjs FOLDER
 *
 * FOLDER then holds page-<hash>.js, page-<hash>.css, icon-<hash>.svg, index.html, and manifest.json, which names each
 * file with its SHA-256: {"files": {"index.html": "9f86…"}}. What the manifest does not name is never served.
 */

import { createHash } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = fileURLToPath(new URL(".", import.meta.url));
const page = (name) => join(here, "page", name);
const sha256 = (content) => createHash("sha256").update(content).digest("hex");

/** GraphiQL brings two fonts inside its style sheet, four fifths of it; the system's own serve as well. */
const withoutFonts = {
  name: "without fonts",
  setup: ({ onLoad }) =>
    onLoad({ filter: /graphiql[\\/]dist[\\/]style\.css$/ }, async ({ path }) => ({
      contents: (await readFile(path, "utf8")).replaceAll(/@font-face\s*\{[^}]*\}/g, ""),
      loader: "css",
    })),
};

const made = await build({
  absWorkingDir: here,
  entryPoints: { page: page("page.jsx"), icon: page("icon.svg") },
  entryNames: "[name]-[hash]",
  outdir: "/",
  write: false,
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  jsx: "automatic",
  loader: { ".svg": "copy" },
  alias: { "react-style-singleton": page("sheets.js") },
  define: { "process.env.NODE_ENV": '"production"' },
  plugins: [withoutFonts],
  legalComments: "eof",
  logLevel: "warning",
});

const files = Object.fromEntries(made.outputFiles.map(({ path, contents }) => [basename(path), contents]));
const hashed = (name) => {
  const [stem, ending] = name.split(".");
  return Object.keys(files).find((each) => each.startsWith(`${stem}-`) && each.endsWith(`.${ending}`));
};
const index = await readFile(page("index.html"), "utf8");
files["index.html"] = index.replaceAll(/\{\{([^}]+)\}\}/g, (_, name) => hashed(name));

const folder = process.argv[2];
await rm(folder, { recursive: true, force: true });
await mkdir(folder, { recursive: true });
for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
// Last: a folder without it is no bundle, and an interrupted build is done again.
const manifest = { files: Object.fromEntries(Object.entries(files).map(([name, content]) => [name, sha256(content)])) };
await writeFile(join(folder, "manifest.json"), JSON.stringify(manifest, null, 2) + "\n");
