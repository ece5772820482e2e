// One asset in full: its picture, findings, texts, prompts and where it comes from.

const detail = byId("detail");
let openAsset = null;

const SHOWN_BY_BROWSERS = /\.(png|jpe?g|webp|gif|avif)$/i;
const TEXT_AND_FIT = /^([\s\S]*) · (\d[\d.,]*\s?(?:pt|px)\b[^\n]*)$/;

function section(title, ...children) {
  return element("section", {}, element("h3", {}, title), ...children);
}

/** The file that a browser can show in full: of a press PDF and its proof, the proof. */
function shownAs(asset) {
  return asset.files.find((file) => file.status !== "failed" && SHOWN_BY_BROWSERS.test(file.path));
}

function fileLinkTo(file, ...children) {
  return element("a", {href: fileLink(file.path), target: "_blank", rel: "noopener", class: "delivered-link"}, ...children);
}

/** The delivered file where a browser can show it and it is still beside this page; until then its thumbnail. */
function stage(asset) {
  const parts = [];
  if (asset.pictured && asset.thumb !== "") {
    const picture = element("img", {src: asset.thumb, alt: `${asset.row}, ${asset.layout}`});
    const large = shownAs(asset);
    if (large) {
      const delivered = new Image();
      delivered.onload = () => {
        picture.src = delivered.src;
        picture.classList.add("delivered");
        if (zoom && picture.isConnected) picture.decode().then(() => setZoom(zoom), () => {});
      };
      delivered.src = fileLink(large.path);
    }
    const frame = element("div", {class: "detail-picture"}, picture);
    picture.draggable = false;
    zoomByPointer(frame);
    parts.push(frame);
  } else {
    parts.push(element("div", {class: "detail-picture"}, blank(asset)));
  }
  for (const file of asset.files) {
    const which = asset.files.length > 1 ? `${file.format} ` : "";
    const path = element("span", {class: "path"}, file.path);
    if (file.status !== "failed" && file.path) parts.push(fileLinkTo(file, `Open the delivered file ${which}`, path));
    else if (which) parts.push(element("p", {class: "undelivered"}, `${which}failed `, path));
  }
  return parts;
}

function findingsSection(asset) {
  if (!asset.findings.length) return null;
  return section("Findings", element("ul", {class: "findings"}, ...asset.findings.map(([severity, code, message]) =>
    element("li", {},
      element("p", {}, element("span", {class: `badge ${SEVERITIES.includes(severity) ? severity : "note"}`}, severity),
        " ", element("code", {}, code)),
      ...message.split("\n").map((line, at) => element("p", {dir: "auto", class: at ? "hint" : null}, line))))));
}

function textsSection(asset) {
  if (!asset.texts.length) return null;
  const dir = asset.direction === "rtl" ? "rtl" : "ltr";
  return section("Texts", element("dl", {class: "texts"}, ...asset.texts.map(([id, value]) => {
    const [, text, fit] = TEXT_AND_FIT.exec(value) || [null, value, ""];
    return element("div", {},
      element("dt", {}, id, fit ? element("span", {class: "fit"}, fit) : null),
      element("dd", {dir, lang: asset.locale}, text));
  })));
}

function promptsSection(asset) {
  if (!asset.prompts.length) return null;
  return section(asset.prompts.length > 1 ? "Prompts" : "Prompt", ...asset.prompts.map(([label, text]) => {
    const copy = element("button", {type: "button", class: "quiet copy", "aria-label": `Copy the prompt for ${label}`}, "Copy");
    copy.addEventListener("click", () => copyText(text, copy));
    return element("div", {class: "prompt"},
      element("div", {class: "prompt-head"}, element("p", {class: "prompt-label"}, label), copy),
      element("p", {class: "prompt-text", dir: "auto"}, text));
  }));
}

/** The picture half done, as its maker showed it on the way. */
function previewsSection(asset) {
  if (!asset.previews?.length) return null;
  return section("On the way", element("div", {class: "previews"}, ...asset.previews.map(([label, source]) =>
    element("figure", {}, element("img", {src: source, alt: ""}), element("figcaption", {}, label)))));
}

function provenanceSection(asset) {
  const shown = [...asset.files.map((file) => ["Asset", file.id]), ...asset.provenance].filter(([, value]) => value !== "");
  return section("Provenance", element("dl", {class: "provenance"}, ...shown.map(([label, value]) =>
    element("div", {}, element("dt", {}, label), element("dd", {dir: "auto"}, value)))));
}

async function copyText(text, button) {
  let done = false;
  try {
    await navigator.clipboard.writeText(text);
    done = true;
  } catch {
    // Some browsers give pages on disk no clipboard; selecting the text still works there.
    const field = element("textarea", {class: "offstage", "aria-hidden": "true"});
    field.value = text;
    detail.append(field);
    field.select();
    done = document.execCommand("copy");
    field.remove();
    button.focus();
  }
  button.textContent = done ? "Copied" : "Select it by hand";
  setTimeout(() => { button.textContent = "Copy"; }, 1600);
}

function openDetail(asset) {
  openAsset = inFull(asset);
  state.open = asset.id;
  wantPictures([asset], picturesCame);
  const what = [asset.layout, asset.format, unbroken(asset.size)].filter(Boolean).join(" · ");
  byId("detail-stage").replaceChildren(...stage(asset));
  byId("detail-facts").replaceChildren(...[
    element("h2", {id: "detail-title", dir: "auto"}, asset.row || asset.id),
    element("p", {class: "detail-what"}, what),
    element("p", {class: "signs"},
      element("span", {class: `badge ${asset.status === "failed" ? "error" : "plain"}`}, asset.status), ...badges(asset.findings)),
    findingsSection(asset), textsSection(asset), previewsSection(asset), promptsSection(asset), provenanceSection(asset),
  ].filter(Boolean));
  byId("detail-facts").scrollTop = 0;
  setZoom(0);
  const at = matching.indexOf(asset);
  byId("detail-position").textContent = at < 0 ? "" : `${number(at + 1)} of ${number(matching.length)}`;
  byId("detail-previous").disabled = at <= 0;
  byId("detail-next").disabled = at < 0 || at >= matching.length - 1;
  if (!detail.open) {
    detail.showModal();
    byId("detail-close").focus();
  }
  writeHash();
}

function stepDetail(by) {
  const next = matching[matching.indexOf(openAsset) + by];
  if (!next || !matching.includes(openAsset)) return;
  if (!shownNow.includes(next)) showMore();
  openDetail(next);
}

detail.addEventListener("close", () => {
  const last = openAsset;
  openAsset = null;
  state.open = "";
  writeHash();
  if (last && shownNow.includes(last)) last.button.focus();
});
detail.addEventListener("click", (event) => {
  if (event.target === detail) detail.close(); // the backdrop
});
detail.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  if (event.key === "+" || event.key === "=") stepZoom(1);
  else if (event.key === "-") stepZoom(-1);
  else if (event.shiftKey || (zoom && event.target.closest(".detail-picture"))) return;
  else if (event.key === "ArrowLeft") stepDetail(-1);
  else if (event.key === "ArrowRight") stepDetail(1);
  else return;
  event.preventDefault();
});
byId("detail-previous").addEventListener("click", () => stepDetail(-1));
byId("detail-next").addEventListener("click", () => stepDetail(1));
byId("detail-close").addEventListener("click", () => detail.close());
