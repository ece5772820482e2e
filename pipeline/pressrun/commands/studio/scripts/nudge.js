"use strict";
// A sheet as its files are now. One drawing is under way at a time; the newest wish replaces the one that waits.

const data = pageData("nudge-data");
const HERE = `/runs/${encodeURIComponent(data.run)}/sheets/${data.id}`;
let wish = new URLSearchParams({row: data.row}), drawing = false, waiting = false, at = data.rows.findIndex(([row]) => row === data.row);
const called = new Map(data.rows);

function milliseconds(value) {
  return new Intl.NumberFormat(document.documentElement.lang, {style: "unit", unit: "millisecond", maximumFractionDigits: 0}).format(value);
}

async function draw() {
  if (drawing) { waiting = true; return; }
  drawing = true;
  const begun = performance.now();
  byId("drawn").textContent = t("drawing …");
  try {
    const answer = await fetch(`${HERE}/now?${wish}&page=${performance.timeOrigin}`, {headers: {accept: "application/json"}});
    const told = answer.status === 204 ? {findings: []} : await answer.json();
    if (told.picture) {
      URL.revokeObjectURL(byId("now").src);
      byId("now").src = URL.createObjectURL(new Blob([Uint8Array.from(atob(told.picture), (one) => one.charCodeAt(0))], {type: "image/webp"}));
      byId("now").hidden = false;
    }
    byId("stood-in").hidden = !told.stood_in;
    if (told.row) byId("row").textContent = called.get(told.row) || told.row;
    byId("drawn").textContent = answer.ok ? milliseconds(performance.now() - begun) : t("The files cannot be read as they are:");
    byId("now-findings").replaceChildren(...told.findings.map(findingItem));
  } catch { byId("drawn").textContent = t("The studio does not answer. Nothing was kept; try again."); }
  drawing = false;
  if (waiting) { waiting = false; draw(); }
}

function show(row) {
  wish = row === null ? new URLSearchParams({worst: "1"}) : new URLSearchParams({row});
  draw();
}

function step(by) {
  at = (at + by + data.rows.length) % data.rows.length;
  show(data.rows[at][0]);
}

function changes(form) {
  const found = [];
  for (const set of form.querySelectorAll("fieldset")) {
    const layer = set.dataset.layer, of = (name) => set.querySelector(`[name=${name}]`);
    if (of("text") && of("text").value !== of("text").dataset.was) found.push({layer, key: "text", value: of("text").value});
    if (of("x").value.trim() || of("y").value.trim()) found.push({layer, key: "shift", value: [of("x").value.trim() || "0mm", of("y").value.trim() || "0mm"]});
    if (of("color") && of("color").value.trim()) found.push({layer, key: "color", value: of("color").value.trim()});
    if (of("focus") && of("focus").value.trim()) found.push({layer, key: "focus", value: of("focus").value.trim().split(/[\s,]+/)});
    for (const side of ["x", "y", "width", "height"]) {
      const field = set.querySelector(`[name="box.${side}"]`);
      if (field && field.value.trim()) found.push({layer, key: `box.${side}`, value: field.value.trim()});
    }
    if (of("hidden").checked) found.push({layer, key: "hidden", value: true});
  }
  return found;
}

const form = byId("nudge-form");
if (form) form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const said = changes(form);
  if (!said.length) { tell(t("Nothing is changed yet.")); return; }
  try {
    const kept = await post(`${HERE}/override`, {changes: said, note: form.elements.note.value}, data.csrf);
    again(`${kept.file}: ${kept.changed.join(", ")}`);
  } catch { /* it was told */ }
});

/** The page as the files are now, and what was done to them. */
function again(what) {
  sessionStorage.setItem("done", what);
  location.reload();
}

document.addEventListener("click", async (event) => {
  const back = event.target.closest("[data-key]");
  if (back) {
    const undone = await post(`${HERE}/override/undo`, {layer: back.dataset.layer, key: back.dataset.key}, data.csrf).catch(() => null);
    if (undone) again(`${t("Taken back.")} ${undone.file}`);
    return;
  }
  const row = event.target.closest("[data-row]");
  if (row) step(Number(row.dataset.row));
  else if (event.target.closest("#worst")) show(null);
  else if (event.target.closest("#own")) show(data.row);
});
document.addEventListener("keydown", (event) => {
  if (!isForPage(event)) return;
  const act = {n: () => step(1), p: () => step(-1), w: () => show(null), o: () => show(data.row)}[event.key.toLowerCase()];
  if (act) { event.preventDefault(); act(); }
});
if (sessionStorage.getItem("done")) tell(sessionStorage.getItem("done"));
sessionStorage.removeItem("done");
new EventSource("/live/saves").addEventListener("saved", draw);
draw();
