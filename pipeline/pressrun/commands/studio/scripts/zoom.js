"use strict";
// Zoom and pan. Zoom and place stay when the next sheet comes: `view` is kept, the picture is another.

const view = {scale: 0, x: 0.5, y: 0.5}; // 0: fitted; x and y: what is in the middle, from 0 to 1
const MOST = 16;

function stageParts() {
  return {viewport: byId("viewport"), canvas: byId("canvas"), picture: byId("picture")};
}

/** The size of the picture at 1:1, in CSS pixels: one pixel of the file a pixel of the screen. */
function natural() {
  const {picture} = stageParts();
  const ratio = window.devicePixelRatio || 1;
  const width = Number(picture.dataset.width) || picture.naturalWidth, height = Number(picture.dataset.height) || picture.naturalHeight;
  return {width: width / ratio, height: height / ratio};
}

function fitted() {
  const {viewport} = stageParts(), size = natural();
  return Math.min((viewport.clientWidth - 48) / size.width, (viewport.clientHeight - 48) / size.height, MOST);
}

function place() {
  const {viewport, canvas, picture} = stageParts();
  if (!canvas || !picture.naturalWidth) return;
  const size = natural(), scale = view.scale || fitted();
  const width = size.width * scale, height = size.height * scale;
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  const x = width <= viewport.clientWidth ? (viewport.clientWidth - width) / 2 : Math.min(0, Math.max(viewport.clientWidth - width, viewport.clientWidth / 2 - view.x * width));
  const y = height <= viewport.clientHeight ? (viewport.clientHeight - height) / 2 : Math.min(0, Math.max(viewport.clientHeight - height, viewport.clientHeight / 2 - view.y * height));
  canvas.style.transform = `translate(${x}px, ${y}px)`;
  canvas.classList.toggle("pixels", scale * (window.devicePixelRatio || 1) > 2);
  byId("zoom-level").textContent = `${Math.round(scale * 100)} %`;
  if (scale * size.width > picture.naturalWidth / (window.devicePixelRatio || 1) * 1.05 || scale > 0.9) sharpen();
}

/** The picture with all its pixels, once they are looked at. */
function sharpen() {
  const {picture} = stageParts();
  if (!picture.src.endsWith("/view") || picture.dataset.bare) return;
  const full = picture.src.replace(/view$/, "full"), sharp = new Image();
  if (picture.dataset.sharp === full) return;
  picture.dataset.sharp = full;
  sharp.onload = () => {
    if (byId("picture").dataset.sharp !== full) return;
    picture.dataset.width = sharp.naturalWidth;
    picture.dataset.height = sharp.naturalHeight;
    picture.src = full;
  };
  sharp.src = full;
}

function zoomTo(scale, at) {
  const {viewport, canvas} = stageParts();
  if (!canvas) return;
  const before = view.scale || fitted(), size = natural();
  const next = scale === 0 ? 0 : Math.min(MOST, Math.max(Math.min(fitted(), 0.05), scale));
  if (at && next) { // what is under the pointer stays there
    const box = canvas.getBoundingClientRect(), frame = viewport.getBoundingClientRect();
    const px = (at.clientX - box.left) / (size.width * before), py = (at.clientY - box.top) / (size.height * before);
    view.x = px + (frame.left + frame.width / 2 - at.clientX) / (size.width * next);
    view.y = py + (frame.top + frame.height / 2 - at.clientY) / (size.height * next);
  }
  view.scale = next;
  view.x = Math.min(1, Math.max(0, view.x));
  view.y = Math.min(1, Math.max(0, view.y));
  place();
}

const zoomBy = (factor, at) => zoomTo((view.scale || fitted()) * factor, at);

/** Moves what is in the middle, by CSS pixels. */
function pan(dx, dy) {
  const size = natural(), scale = view.scale || fitted();
  view.x = Math.min(1, Math.max(0, view.x - dx / (size.width * scale)));
  view.y = Math.min(1, Math.max(0, view.y - dy / (size.height * scale)));
  place();
}

/** Lets a viewport be dragged, scrolled and pinched. `clicked` hears of what was no drag. */
function listen(viewport, clicked) {
  const fingers = new Map();
  let moved = 0, apart = 0;
  viewport.addEventListener("wheel", (event) => { event.preventDefault(); zoomBy(Math.exp(-event.deltaY / 400), event); }, {passive: false});
  viewport.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    fingers.set(event.pointerId, event);
    moved = 0;
    viewport.setPointerCapture(event.pointerId);
  });
  viewport.addEventListener("pointermove", (event) => {
    const before = fingers.get(event.pointerId);
    if (!before) return;
    fingers.set(event.pointerId, event);
    moved += Math.abs(event.clientX - before.clientX) + Math.abs(event.clientY - before.clientY);
    if (fingers.size === 2) {
      const [one, other] = [...fingers.values()];
      const now = Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY);
      if (apart) zoomBy(now / apart, {clientX: (one.clientX + other.clientX) / 2, clientY: (one.clientY + other.clientY) / 2});
      apart = now;
    } else if (view.scale) pan(event.clientX - before.clientX, event.clientY - before.clientY);
  });
  const lift = (event) => {
    if (fingers.delete(event.pointerId) && event.type === "pointerup" && moved < 6 && !fingers.size) clicked(event);
    apart = 0;
  };
  viewport.addEventListener("pointerup", lift);
  viewport.addEventListener("pointercancel", lift);
  new ResizeObserver(place).observe(viewport);
}
