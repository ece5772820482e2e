// One square a sheet: {ground, head, label, green, out, sheets: [[size, headline, name, price]]} on stdin.
import { readFileSync, writeFileSync } from "node:fs";
import { Resvg } from "@resvg/resvg-js";
import satori from "satori";
import sharp from "sharp";

const task = JSON.parse(readFileSync(0, "utf8"));
const fonts = [
  { name: "Head", data: readFileSync(task.head), weight: 600 },
  { name: "Label", data: readFileSync(task.label), weight: 700 },
];
const { data: kept, info } = await sharp(task.ground).removeAlpha().raw().toBuffer({ resolveWithObject: true });
const raw = { width: info.width, height: info.height, channels: info.channels };
const div = (top, style, children) => ({
  type: "div",
  props: { style: { position: "absolute", left: 72, top, whiteSpace: "pre", color: task.green, ...style }, children },
});

// The words over the background, as resvg's pixels are: premultiplied. Sharp composites in floats: far slower.
function over(drawn) {
  const page = Buffer.from(kept);
  for (let at = 0, to = 0; at < drawn.length; at += 4, to += 3) {
    const rest = 255 - drawn[at + 3];
    if (rest === 255) continue;
    for (const part of [0, 1, 2]) page[to + part] = drawn[at + part] + Math.round((page[to + part] * rest) / 255);
  }
  return page;
}

async function write(index, [size, headline, name, price]) {
  const children = [
    div(168, { fontFamily: "Head", fontSize: size, lineHeight: 1.05 }, headline),
    div(872, { fontFamily: "Label", fontSize: 28 }, name),
    div(916, { fontFamily: "Head", fontSize: 88, lineHeight: 1 }, price),
  ];
  const page = { type: "div", props: { style: { display: "flex", width: 1080, height: 1080 }, children } };
  const svg = await satori(page, { width: 1080, height: 1080, fonts });
  const drawn = new Resvg(svg, { font: { loadSystemFonts: false } }).render().pixels;
  const options = { quality: 90, chromaSubsampling: "4:4:4", optimizeCoding: false };
  writeFileSync(`${task.out}/${index}.jpg`, await sharp(over(drawn), { raw }).jpeg(options).toBuffer());
}

for (const [index, sheet] of task.sheets.slice(0, 20).entries()) await write(index, sheet); // compiles what is hot
const began = process.hrtime.bigint();
const before = process.cpuUsage();
for (const [index, sheet] of task.sheets.entries()) await write(index, sheet);
const used = process.cpuUsage(before);
const seconds = Number(process.hrtime.bigint() - began) / 1e9;
console.log(JSON.stringify({ seconds, cpu: (used.user + used.system) / 1e6 }));
