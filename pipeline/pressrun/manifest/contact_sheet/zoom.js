// The open picture, fitted into its stage or at its pixels and beyond, where text of 6 pt can be read.

const ZOOMS = [1, 2, 4, 8]; // screen pixels for a pixel of the picture
let zoom = 0; // an index of ZOOMS, from 1; 0 is fitted

/** Shows the picture so large; what lay at `x`, `y` (shares of the picture) then lies in the middle. */
function setZoom(level, x = 0.5, y = 0.5) {
  const frame = detail.querySelector(".detail-picture");
  const picture = frame.querySelector("img");
  zoom = picture ? Math.max(0, Math.min(level, ZOOMS.length)) : 0;
  frame.classList.toggle("zoomed", zoom > 0);
  if (picture) picture.style.width = zoom ? `${picture.naturalWidth * ZOOMS[zoom - 1] / devicePixelRatio}px` : "";
  if (zoom) {
    frame.tabIndex = 0; // scrolled by the arrow keys
    frame.scrollTo(picture.offsetWidth * x - frame.clientWidth / 2, picture.offsetHeight * y - frame.clientHeight / 2);
  } else frame.removeAttribute("tabindex");
  byId("zoom-level").textContent = zoom ? `${number(ZOOMS[zoom - 1] * 100)} %` : t("Fitted");
  byId("zoom-out").disabled = !zoom;
  byId("zoom-in").disabled = !picture || zoom === ZOOMS.length;
}

/** One step nearer or farther, about the middle of what is seen. */
function stepZoom(by) {
  const frame = detail.querySelector(".detail-picture");
  const across = (frame.scrollLeft + frame.clientWidth / 2) / frame.scrollWidth;
  const down = (frame.scrollTop + frame.clientHeight / 2) / frame.scrollHeight;
  setZoom(zoom + by, across, down);
}

/** A click goes to the pixels at that place and back; a picture that is larger than its stage is drawn along. */
function zoomByPointer(frame) {
  let drawn = false;
  frame.addEventListener("pointerdown", () => { drawn = false; });
  frame.addEventListener("pointermove", (event) => {
    if (!zoom || event.buttons !== 1 || event.pointerType === "touch") return;
    if (Math.abs(event.movementX) + Math.abs(event.movementY) > 1) drawn = true;
    frame.scrollBy(-event.movementX, -event.movementY);
  });
  frame.addEventListener("click", (event) => {
    if (drawn || event.target.tagName !== "IMG") return;
    const box = event.target.getBoundingClientRect();
    setZoom(zoom ? 0 : 1, (event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height);
  });
}

byId("zoom-out").addEventListener("click", () => stepZoom(-1));
byId("zoom-in").addEventListener("click", () => stepZoom(1));
