"use strict";
// Sheets side by side: one place and one zoom for all; two of them over each other, too.

const sides = byId("sides");
const pictures = [...sides.querySelectorAll("img")];
const look = {zoom: 1, x: 0, y: 0};

function settle() {
  for (const picture of pictures) picture.style.transform = `translate(${look.x}px, ${look.y}px) scale(${look.zoom})`;
  byId("zoom-level").textContent = `${Math.round(look.zoom * 100)} %`;
  if (look.zoom > 1.4) for (const picture of pictures) if (picture.src.endsWith("/view")) picture.src = picture.src.replace(/view$/, "full");
}

function zoomAt(factor, x, y) {
  const next = Math.min(24, Math.max(1, look.zoom * factor));
  look.x = x - (x - look.x) * next / look.zoom;
  look.y = y - (y - look.y) * next / look.zoom;
  look.zoom = next;
  if (next === 1) look.x = look.y = 0;
  settle();
}

function mode(name) {
  sides.dataset.mode = name;
  for (const button of document.querySelectorAll("[data-mode]:not(#sides)")) button.setAttribute("aria-pressed", String(button.dataset.mode === name));
  document.querySelector(".slide").hidden = name !== "slider";
  for (const one of document.querySelectorAll(".which")) one.hidden = name === "beside";
  lay();
}

const views = [...sides.querySelectorAll(".side")];
let under = 0, over = 1;

/** Two of them over each other; the others wait. */
function lay() {
  views.forEach((side, at) => { side.classList.toggle("under", at === under); side.classList.toggle("over", at === over); });
  for (const [id, at] of [["under", under], ["over", over]]) if (byId(id)) byId(id).value = at;
  cut();
}

/** Another one lies above, or below; where it is the other of the two already, they change places. */
function choose(where, at) {
  if (where === "over") { if (at === under) under = over; over = at; } else { if (at === over) over = under; under = at; }
  lay();
}

function cut() {
  views.forEach((side, at) => {
    const isCut = sides.dataset.mode === "slider" && at === over;
    side.querySelector(".side-view").style.clipPath = isCut ? `inset(0 ${document.dir === "rtl" ? `${byId("slide").value}% 0 0` : `0 0 ${byId("slide").value}%`})` : "";
  });
}

for (const view of sides.querySelectorAll(".side-view")) {
  let from = null;
  view.addEventListener("wheel", (event) => {
    event.preventDefault();
    const box = view.getBoundingClientRect();
    zoomAt(Math.exp(-event.deltaY / 400), event.clientX - box.left - box.width / 2, event.clientY - box.top - box.height / 2);
  }, {passive: false});
  view.addEventListener("pointerdown", (event) => { from = event; view.setPointerCapture(event.pointerId); });
  view.addEventListener("pointermove", (event) => {
    if (!from) return;
    look.x += event.clientX - from.clientX;
    look.y += event.clientY - from.clientY;
    from = event;
    settle();
  });
  view.addEventListener("pointerup", () => { from = null; });
  view.addEventListener("pointercancel", () => { from = null; });
}
document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-mode], button[data-size]");
  if (!button) return;
  if (button.dataset.mode) mode(button.dataset.mode);
  else if (button.dataset.size === "fit") { look.zoom = 1; look.x = look.y = 0; settle(); }
  else {
    const picture = pictures[0];
    if (!picture) return;
    const shown = picture.getBoundingClientRect().width / look.zoom;
    zoomAt(picture.naturalWidth / (window.devicePixelRatio || 1) / shown / look.zoom, 0, 0);
  }
});
byId("slide").addEventListener("input", cut);
for (const id of ["under", "over"]) if (byId(id)) byId(id).addEventListener("change", (event) => choose(id, Number(event.target.value)));
document.addEventListener("keydown", (event) => {
  if (!isForPage(event)) return;
  const number = Number(event.key);
  if (views.length > 2 && number >= 1 && number <= views.length) {
    event.preventDefault();
    if (sides.dataset.mode === "beside") views[number - 1].querySelector(".side-view").focus();
    else choose("over", number - 1);
    return;
  }
  const act = {b: () => mode("beside"), s: () => mode("slider"), d: () => mode("difference"), "+": () => zoomAt(1.5, 0, 0), "=": () => zoomAt(1.5, 0, 0), "-": () => zoomAt(1 / 1.5, 0, 0), 0: () => zoomAt(0, 0, 0), Escape: () => history.back()}[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (act) { event.preventDefault(); act(); }
});
mode("beside");
settle();
