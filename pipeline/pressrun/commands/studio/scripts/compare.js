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
  const slide = document.querySelector(".slide");
  if (slide) slide.hidden = name !== "slider";
  cut();
}

function cut() {
  const slide = byId("slide");
  if (!slide || pictures.length < 2) return;
  const view = pictures[1].closest(".side-view");
  view.style.clipPath = sides.dataset.mode === "slider" ? `inset(0 0 0 ${slide.value}%)` : "";
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
    const picture = pictures[0], shown = picture.getBoundingClientRect().width / look.zoom;
    zoomAt(picture.naturalWidth / (window.devicePixelRatio || 1) / shown / look.zoom, 0, 0);
  }
});
if (byId("slide")) byId("slide").addEventListener("input", cut);
document.addEventListener("keydown", (event) => {
  if (!isForPage(event)) return;
  const act = {"+": () => zoomAt(1.5, 0, 0), "=": () => zoomAt(1.5, 0, 0), "-": () => zoomAt(1 / 1.5, 0, 0), 0: () => zoomAt(0, 0, 0), Escape: () => history.back()}[event.key];
  if (act) { event.preventDefault(); act(); }
});
sides.dataset.mode = "beside";
settle();
