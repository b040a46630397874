// Bundles editor/ into static/vendor/editor/editor.js, with the licences of
// every package that ends up in it.
import { readFile, readdir, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const here = new URL("../", import.meta.url);
const out = new URL("../../static/vendor/editor/", import.meta.url);

const { metafile } = await build({
  absWorkingDir: fileURLToPath(here),
  entryPoints: ["editor/index.js"],
  outfile: fileURLToPath(new URL("editor.js", out)),
  bundle: true,
  minify: true,
  format: "esm",
  target: ["es2022", "chrome109", "firefox115", "safari16"],
  charset: "utf8",
  legalComments: "none",
  metafile: true,
  banner: { js: "/* Article editor. Source: frontend/editor, built by `npm run build:editor`. Licences: LICENSE.txt */" },
});

const packages = new Set();
for (const path of Object.keys(metafile.inputs)) {
  const name = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1];
  if (name) packages.add(name);
}

async function licence(name) {
  const folder = new URL(`node_modules/${name}/`, here);
  const { version } = JSON.parse(await readFile(new URL("package.json", folder), "utf8"));
  const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry));
  if (!file) throw new Error(`${name} has no licence file`);
  return { heading: `${name} ${version}`, text: (await readFile(new URL(file, folder), "utf8")).trim() };
}

// Packages with the same licence text stand together.
const byText = new Map();
for (const name of [...packages].sort()) {
  const { heading, text } = await licence(name);
  byText.set(text, [...(byText.get(text) ?? []), heading]);
}
const parts = [...byText].map(([text, names]) => `${names.join("\n")}\n\n${text}\n`);
await writeFile(new URL("LICENSE.txt", out), `editor.js contains:\n\n${parts.join("\n" + "-".repeat(72) + "\n\n")}`);

const code = await readFile(new URL("editor.js", out));
console.log(`editor.js ${code.length} bytes, ${gzipSync(code, { level: 9 }).length} gzip, ${packages.size} packages`);
