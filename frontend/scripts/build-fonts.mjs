// Copies the web fonts into static/fonts/. The files stay byte for byte as
// published: "Source" is a reserved name under the OFL, so a subset of our own
// would have to carry another name.
import { copyFile, mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const pkg = new URL("../node_modules/@fontsource-variable/source-sans-3/", import.meta.url);
const out = new URL("../../static/fonts/", import.meta.url);
const copyright = "Copyright 2010-2023 Adobe (http://www.adobe.com/), with Reserved Font Name 'Source'.";

await mkdir(out, { recursive: true });
for (const subset of ["latin", "vietnamese"]) {
  const target = new URL(`source-sans-3-${subset}.woff2`, out);
  await copyFile(new URL(`files/source-sans-3-${subset}-wght-normal.woff2`, pkg), target);
  console.log(fileURLToPath(target).split("/").pop(), (await stat(target)).size, "bytes");
}

const licence = await readFile(new URL("LICENSE", pkg), "utf8");
const body = licence.slice(licence.indexOf("This Font Software"));
await writeFile(new URL("OFL.txt", out), `${copyright}\n\n${body.trimEnd()}\n`);
