// Builds static/build/ from static/src/: one stylesheet, one script, the fonts and the pictures' colours for print.
// Run by `npm run build`; nothing here is needed once the files are there.
import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, transform } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const from = (...parts) => join(here, "src", ...parts);
const to = (...parts) => join(here, "build", ...parts);
const BROWSERS = ["chrome111", "firefox115", "safari16.4"];
const DECLARATION = /(--[\w-]+)\s*:\s*([^;{}]+);/g;
const USE = /var\(\s*(--[\w-]+)/g;

/** The text of a stylesheet with all it imports. */
async function bundle(entry) {
  const result = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    outdir: to(),
    target: BROWSERS,
    external: ["*.woff2", "*.ttf"],
    legalComments: "eof",
  });
  return result.outputFiles[0].text;
}

/** The same without the custom properties that nothing uses: Voorbeeld has 2,780, these pages need a third. */
function prune(css, themes) {
  const uses = (text) => [...text.matchAll(USE)].map((match) => match[1]);
  const definitions = new Map();
  for (const [, name, value] of css.matchAll(DECLARATION)) {
    definitions.set(name, [...(definitions.get(name) ?? []), ...uses(value)]);
  }
  const wanted = new Set();
  const queue = [...uses(css.replace(DECLARATION, "")), ...uses(themes)];
  while (queue.length) {
    const name = queue.pop();
    if (wanted.has(name)) continue;
    wanted.add(name);
    queue.push(...(definitions.get(name) ?? []));
  }
  return css.replace(DECLARATION, (whole, name) => (wanted.has(name) ? whole : ""));
}

/** The same with each var() replaced by its value: WeasyPrint does not know them inside a drawing. */
function literal(css, tokens) {
  const values = new Map([...tokens.matchAll(DECLARATION)].map(([, name, value]) => [name, value.trim()]));
  let text = css;
  for (let round = 0; text.includes("var(") && round < 9; round += 1) {
    text = text.replace(/var\(\s*(--[\w-]+)\s*\)/g, (whole, name) => values.get(name) ?? whole);
  }
  if (text.includes("var(")) throw new Error(`No value for ${text.match(USE)}`);
  return text;
}

const minify = async (css) => (await transform(css, { loader: "css", minify: true, target: BROWSERS })).code;

const themeFiles = (await readdir(join(here, "themes"))).map((name) => readFile(join(here, "themes", name), "utf8"));
const themes = (await Promise.all(themeFiles)).join("\n");
const full = await bundle(from("portal.css"));
const sheets = { "portal.css": prune(full, themes) };
for (const name of ["pictures.css", "report.css", "paper.css"].filter((name) => existsSync(from(name)))) {
  sheets[name] = literal(await bundle(from(name)), full);
}

await rm(to(), { recursive: true, force: true });
await mkdir(to("fonts", "pdf"), { recursive: true });
for (const [name, css] of Object.entries(sheets)) await writeFile(to(name), await minify(css));
await build({ entryPoints: [from("portal.js"), from("trusted.js")], outdir: to(), bundle: true, minify: true, target: BROWSERS });

await cp(from("favicon.svg"), to("favicon.svg"));
const web = join(here, "..", "node_modules", "@fontsource-variable", "source-sans-3");
await cp(join(web, "files", "source-sans-3-latin-wght-normal.woff2"), to("fonts", "source-sans-3.woff2"));
await cp(join(web, "LICENSE"), to("fonts", "LICENSE-source-sans-3.txt"));
const print = join(here, "..", "node_modules", "@expo-google-fonts", "source-sans-3");
for (const style of ["400Regular", "400Regular_Italic", "600SemiBold", "700Bold"]) {
  const file = `SourceSans3_${style}.ttf`;
  await cp(join(print, style, file), to("fonts", "pdf", file));
}
await cp(join(print, "LICENSE_FONT"), to("fonts", "pdf", "LICENSE.txt"));
