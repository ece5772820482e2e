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

const began = process.hrtime.bigint();
const before = process.cpuUsage();
for (const [index, [size, headline, name, price]] of task.sheets.entries()) {
  const children = [
    div(168, { fontFamily: "Head", fontSize: size, lineHeight: 1.05 }, headline),
    div(872, { fontFamily: "Label", fontSize: 28 }, name),
    div(916, { fontFamily: "Head", fontSize: 88, lineHeight: 1 }, price),
  ];
  const page = { type: "div", props: { style: { display: "flex", width: 1080, height: 1080 }, children } };
  const svg = await satori(page, { width: 1080, height: 1080, fonts });
  const drawn = new Resvg(svg).render();
  const words = { input: drawn.pixels, raw: { width: 1080, height: 1080, channels: 4 } };
  const jpeg = sharp(kept, { raw }).composite([words]).jpeg({ quality: 90, chromaSubsampling: "4:4:4" });
  writeFileSync(`${task.out}/${index}.jpg`, await jpeg.toBuffer());
}
const used = process.cpuUsage(before);
const seconds = Number(process.hrtime.bigint() - began) / 1e9;
console.log(JSON.stringify({ seconds, cpu: (used.user + used.system) / 1e6 }));
