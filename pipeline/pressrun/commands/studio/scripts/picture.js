"use strict";
// A picture: a mask painted on it, a wish, its price, and what comes of it.

const data = pageData("picture-data");
const master = byId("master"), mask = byId("mask"), form = byId("fork-form");
const HERE = `/runs/${encodeURIComponent(data.run)}/sheets/${data.id}`;
let painted = false, quoted = null;

/** The mask has a pixel for each of the picture's own; the picture that is shown may be smaller. */
async function begin() {
  await master.decode().catch(() => {});
  const answer = await fetch(`${HERE}/size?key=${data.key}`, {headers: {accept: "application/json"}});
  const size = answer.ok ? await answer.json() : {width: master.naturalWidth, height: master.naturalHeight};
  mask.width = size.width;
  mask.height = size.height;
}

const paint = byId("paint");
if (paint) {
  let last = null;
  const at = (event) => {
    const box = mask.getBoundingClientRect();
    return {x: (event.clientX - box.left) * mask.width / box.width, y: (event.clientY - box.top) * mask.height / box.height};
  };
  const stroke = (event) => {
    const pen = mask.getContext("2d"), here = at(event);
    pen.strokeStyle = "rgb(228 40 90)";
    pen.lineCap = pen.lineJoin = "round";
    pen.lineWidth = mask.width * Number(byId("brush").value) / 100;
    pen.beginPath();
    pen.moveTo((last || here).x, (last || here).y);
    pen.lineTo(here.x + 0.01, here.y);
    pen.stroke();
    last = here;
    painted = true;
    forgetPrice();
  };
  paint.addEventListener("click", () => {
    const on = paint.getAttribute("aria-pressed") !== "true";
    paint.setAttribute("aria-pressed", String(on));
    mask.classList.toggle("painting", on);
  });
  mask.addEventListener("pointerdown", (event) => { if (paint.getAttribute("aria-pressed") === "true") { last = null; mask.setPointerCapture(event.pointerId); stroke(event); } });
  mask.addEventListener("pointermove", (event) => { if (mask.hasPointerCapture(event.pointerId)) stroke(event); });
  byId("unpaint").addEventListener("click", () => { mask.getContext("2d").clearRect(0, 0, mask.width, mask.height); painted = false; forgetPrice(); });
}

/** What was painted as a PNG that is transparent there, and opaque elsewhere. */
function maskSent() {
  if (!painted) return "";
  const sent = element("canvas");
  sent.width = mask.width;
  sent.height = mask.height;
  const pen = sent.getContext("2d");
  pen.fillStyle = "#000";
  pen.fillRect(0, 0, sent.width, sent.height);
  pen.globalCompositeOperation = "destination-out";
  pen.drawImage(mask, 0, 0);
  return sent.toDataURL("image/png").replace("data:image/png;base64,", "");
}

function said() {
  return {wish: form.wish.value, quality: form.quality.value, take: Number(form.take.value), name: form.elements.name.value, mask: maskSent()};
}

function forgetPrice() {
  quoted = null;
  byId("make").hidden = true;
}

const toMake = (price, doubt) => price === 0 ? t("Make it") : doubt ? t("Ask again for {sum}, and perhaps pay twice", {sum: priced(price)}) : t("Make it for {sum}", {sum: priced(price)});
const inDoubt = (quoted) => quoted.doubt ? `${t("It was asked for before, and perhaps charged.")} ` : "";

if (form) {
  form.addEventListener("input", forgetPrice);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    quoted = await post(`${HERE}/fork/quote?key=${data.key}`, said(), data.csrf).catch(() => null);
    if (!quoted) return;
    byId("bill").textContent = inDoubt(quoted) + (quoted.there ? t("It is there already, and costs nothing.") : quoted.price_usd === 0 ? t("It costs nothing.") : t("About {sum}; the job's budget holds, too.", {sum: priced(quoted.price_usd)}));
    byId("make").textContent = toMake(quoted.price_usd, quoted.doubt);
    byId("make").hidden = quoted.price_usd === null;
  });
  byId("make").addEventListener("click", async () => {
    const button = byId("make");
    button.disabled = true;
    byId("bill").textContent = t("It is being made …");
    try {
      const made = await post(`${HERE}/fork?key=${data.key}`, {...said(), name: quoted.branch, most_usd: quoted.price_usd, retry: quoted.doubt}, data.csrf);
      const bill = {name: made.branch, sum: priced(made.cost_usd)};
      const [before, after] = (made.cost_usd === 0 ? t("Branch {name}, free. This makes the files with it: {command}", bill) : t("Branch {name}, for {sum}. This makes the files with it: {command}", bill)).split("{command}");
      byId("bill").replaceChildren(before, element("code", {dir: "ltr"}, made.command), after + otherAsked(made));
      if (data.runs) offerFiles(made);
      showMade(made);
    } catch { byId("bill").textContent = ""; }
    button.disabled = false;
    forgetPrice();
  });
}

/** The run that has what was made, without a command: what else of its pictures is not there yet has its price. */
function offerFiles(made) {
  const place = element("span", {className: "bill", role: "status"}), {sha256} = made;
  const button = element("button", {type: "button", className: "quiet", id: "make-files", onclick: () => runQuoted(button, place,
    () => post(`${HERE}/fork/files/quote`, {sha256}, data.csrf), async (most) => {
      await post(`${HERE}/fork/files`, {sha256, most_usd: most}, data.csrf);
      button.remove();
      return [t("Started."), " ", element("a", {href: "/"}, t("What goes on, and its bill"))];
    })}, t("Make the files"));
  byId("bill").append(" ", button, " ", place);
}

const otherAsked = (made) => made.other ? ` ${t("The job asks for another picture here by now: its prompt was changed. A run shows that one, not what is made of this.")}` : "";

/** What was made, and each layout that the picture is on, drawn with it. */
function showMade(made) {
  const result = byId("result"), branch = `${HERE}/branch/${encodeURIComponent(made.branch)}`;
  result.hidden = false;
  result.replaceChildren(element("figure", {}, element("img", {src: `/runs/${encodeURIComponent(data.run)}/masters/${made.sha256}/view`, alt: made.branch}), element("figcaption", {}, made.file || made.branch)),
    ...data.layouts.map(([name, called]) => element("figure", {}, element("img", {src: `${branch}?layout=${encodeURIComponent(name)}&of=${made.sha256.slice(0, 12)}`, alt: t("The sheet on this branch")}), element("figcaption", {}, called))));
  result.scrollIntoView({block: "nearest"});
}

/** Puts a file in the picture's place. */
async function adopt(file) {
  const told = byId("adopted");
  told.textContent = t("{file} is on its way …", {file: file.name});
  try {
    const answer = await fetch(`${HERE}/adopt?key=${data.key}&name=${encodeURIComponent(file.name)}`, {
      method: "POST", body: file, headers: {"content-type": "application/octet-stream", accept: "application/json", "x-csrf": data.csrf},
    });
    const said = await answer.text();
    if (!answer.ok) {
      told.replaceChildren(...wrongTold(said));
      return;
    }
    const made = JSON.parse(said);
    told.textContent = t("{file} stands for it.", {file: made.file}) + otherAsked(made);
    byId("adopt-undo").hidden = false;
    showMade(made);
  } catch { told.textContent = t("The studio does not answer. Nothing was kept; try again."); }
}

const chosen = byId("adopt-file"), stage = document.querySelector(".paint-view");
if (chosen) {
  chosen.addEventListener("change", () => { if (chosen.files[0]) adopt(chosen.files[0]); });
  for (const name of ["dragenter", "dragover"]) stage.addEventListener(name, (event) => { event.preventDefault(); stage.classList.add("dropping"); });
  for (const name of ["dragleave", "drop"]) stage.addEventListener(name, () => stage.classList.remove("dropping"));
  stage.addEventListener("drop", (event) => { event.preventDefault(); if (event.dataTransfer.files[0]) adopt(event.dataTransfer.files[0]); });
  byId("adopt-undo").addEventListener("click", async () => {
    await post(`${HERE}/adopt/undo?key=${data.key}`, {}, data.csrf).catch(() => null) && location.reload();
  });
}
/** Another take, or the same in another quality: a run of these rows, under the price that was seen. */
const again = byId("again-form");
if (again) {
  let price = null, retry = false;
  const wish = () => ({take: Number(again.take.value), quality: again.quality.value});
  again.addEventListener("input", () => { byId("again").hidden = true; });
  again.addEventListener("submit", async (event) => {
    event.preventDefault();
    const quoted = await post(`${HERE}/again/quote?key=${data.key}`, wish(), data.csrf).catch(() => null);
    if (!quoted) return;
    [price, retry] = [quoted.price_usd, quoted.doubt];
    byId("again-told").textContent = inDoubt(quoted) + (!quoted.pictures ? t("It is there already, and costs nothing.") : price === 0 ? counted("{count} pictures, free.", quoted.pictures) : counted("{count} pictures, about {sum}; the job's budget holds, too.", quoted.pictures, {sum: priced(price)}));
    byId("again").textContent = toMake(price, retry);
    byId("again").hidden = price === null;
  });
  byId("again").addEventListener("click", async () => {
    byId("again").hidden = true;
    if (!await post(`${HERE}/again?key=${data.key}`, {...wish(), most_usd: price, retry}, data.csrf).catch(() => null)) return;
    byId("again-told").replaceChildren(t("Started."), " ", element("a", {href: "/"}, t("What goes on, and its bill")));
  });
}
begin();
