// Copies the web fonts into static/fonts/. The files stay byte for byte as
// published: "Source" is a reserved name under the OFL, so a subset of our own
// would have to carry another name.
import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";

const pkg = new URL("../node_modules/@fontsource-variable/source-sans-3/", import.meta.url);
const out = new URL("../../static/fonts/", import.meta.url);
const copyright = "Copyright 2010-2023 Adobe (http://www.adobe.com/), with Reserved Font Name 'Source'.";

// Addresses in fonts.css carry the same hash of the content as the portal's
// own static addresses, so that a preload and the style sheet mean one file
// and browsers keep it for ever.
const sheet = new URL("../../static/css/fonts.css", import.meta.url);
let css = await readFile(sheet, "utf8");

await mkdir(out, { recursive: true });
for (const subset of ["latin", "vietnamese"]) {
  const name = `source-sans-3-${subset}.woff2`;
  const content = await readFile(new URL(`files/source-sans-3-${subset}-wght-normal.woff2`, pkg));
  await writeFile(new URL(name, out), content);
  const version = createHash("sha256").update(content).digest("hex").slice(0, 12);
  css = css.replace(new RegExp(`${name.replaceAll(".", "\\.")}(\\?v=\\w+)?`), `${name}?v=${version}`);
  console.log(name, content.length, "bytes");
}
await writeFile(sheet, css);

const licence = await readFile(new URL("LICENSE", pkg), "utf8");
const body = licence.slice(licence.indexOf("This Font Software"));
await writeFile(new URL("OFL.txt", out), `${copyright}\n\n${body.trimEnd()}\n`);
