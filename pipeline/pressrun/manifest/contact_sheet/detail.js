// One asset in full: its picture, findings, texts, prompts and where it comes from.

const detail = byId("detail");
let openAsset = null;

const SHOWN_BY_BROWSERS = /\.(png|jpe?g|webp|gif|avif)$/i;
const TEXT_AND_FIT = /^([\s\S]*) · (\u2066?\d[\d.,]*\s?(?:pt|px)\b[^\n]*)$/;

function section(title, ...children) {
  return element("section", {}, element("h3", {}, title), ...children);
}

/** The files that a browser can show in full, one a page: of a press PDF and its proof, the proof. */
function pagesOf(asset) {
  const shown = (file) => standing(asset, file) !== "failed" && SHOWN_BY_BROWSERS.test(file.path);
  const first = asset.files.find(shown);
  if (!first) return asset.files.slice(0, 1);
  return asset.files.filter((file) => shown(file) && file.format === first.format);
}

/** What became of a file: `made`, `reused` or `failed`. */
const standing = (asset, file) => STATUS[stands[asset.page][asset.first + asset.files.indexOf(file)]];

function fileLinkTo(file, ...children) {
  return element("a", {href: fileLink(file.path), target: "_blank", rel: "noopener", class: "delivered-link"}, ...children);
}

/** A page of a sheet: the delivered file where a browser can show it and it is still beside this page; until then its
 * thumbnail. */
function stagePicture(asset, file) {
  const source = file?.thumb || thumbShown(asset);
  if (!source) return element("div", {class: "detail-picture"}, blank(asset));
  const picture = element("img", {src: source, alt: `${asset.row}, ${label("layout", asset.layout)}`});
  picture.draggable = false;
  if (file && SHOWN_BY_BROWSERS.test(file.path)) {
    const delivered = new Image();
    delivered.onload = () => {
      picture.src = delivered.src;
      picture.classList.add("delivered");
      if (zoom && picture.isConnected) picture.decode().then(() => setZoom(zoom), () => {});
    };
    delivered.src = fileLink(file.path);
  }
  const frame = element("div", {class: "detail-picture"}, picture);
  zoomByPointer(frame);
  return frame;
}

let pageShown = 0; // of a document of several

function stage(asset) {
  pageShown = 0;
  if (!asset.files) return [stagePicture(asset, null)];
  const pages = pagesOf(asset);
  const parts = [stagePicture(asset, pages[0])];
  if (pages.length > 1) parts.push(pageStrip(asset, pages));
  for (const file of asset.files) {
    const page = pages.length > 1 && pages.includes(file) ? t("page {number}", {number: number(pages.indexOf(file) + 1)}) : "";
    const which = asset.files.length > 1 ? `${[file.format, page].filter(Boolean).join(t(", "))} ` : "";
    const path = element("span", {class: "path", dir: "ltr"}, file.path);
    if (standing(asset, file) !== "failed" && file.path) parts.push(fileLinkTo(file, `${t("Open the delivered file")} ${which}`, path));
    else if (which) parts.push(element("p", {class: "undelivered"}, `${which}${t("failed")} `, path));
  }
  return [...parts.slice(0, pages.length > 1 ? 2 : 1), element("div", {class: "detail-files"}, ...parts.slice(pages.length > 1 ? 2 : 1))];
}

/** The pages of a document, to go from one to the other. */
function pageStrip(asset, pages) {
  const strip = element("div", {class: "page-strip", role: "group", "aria-label": t("Pages")});
  const show = (at) => {
    pageShown = at;
    detail.querySelector(".detail-picture").replaceWith(stagePicture(asset, pages[at]));
    setZoom(0);
    [...strip.children].forEach((button, place) => button.setAttribute("aria-pressed", String(place === at)));
    strip.children[at].scrollIntoView({block: "nearest", inline: "nearest"});
  };
  strip.append(...pages.map((file, at) => element("button",
    {type: "button", class: "page", "aria-label": t("Page {number}", {number: number(at + 1)}), "aria-pressed": String(at === 0), onclick: () => show(at)},
    file.thumb ? element("img", {src: file.thumb, alt: "", loading: "lazy"}) : null, element("span", {}, number(at + 1)))));
  strip.show = (by) => { if (pages[pageShown + by]) show(pageShown + by); };
  return strip;
}

function findingsSection(asset) {
  if (!asset.findings.length) return null;
  return section(t("Findings"), element("ul", {class: "findings"}, ...asset.findings.map(([severity, code, message]) =>
    element("li", {},
      element("p", {}, element("span", {class: `badge ${SEVERITIES.includes(severity) ? severity : "note"}`}, SEVERITY[severity] ?? severity),
        " ", element("code", {dir: "ltr"}, code)),
      ...message.split("\n").map((line, at) => element("p", {lang: "en", dir: "ltr", class: at ? "hint" : null}, line))))));
}

function textsSection(asset) {
  if (!asset.texts?.length) return null;
  const dir = asset.direction === "rtl" ? "rtl" : "ltr";
  return section(t("Texts"), element("dl", {class: "texts"}, ...asset.texts.map(([id, value]) => {
    const [, text, fit] = TEXT_AND_FIT.exec(value) || [null, value, ""];
    return element("div", {},
      element("dt", {}, id, fit ? element("span", {class: "fit"}, fit) : null),
      element("dd", {dir, lang: asset.locale}, text));
  })));
}

function promptsSection(asset) {
  if (!asset.prompts?.length) return null;
  return section(asset.prompts.length > 1 ? t("Prompts") : t("Prompt"), ...asset.prompts.map(([label, text]) => {
    const copy = element("button", {type: "button", class: "quiet copy", "aria-label": t("Copy the prompt for {name}", {name: label})}, t("Copy"));
    copy.addEventListener("click", () => copyText(text, copy));
    return element("div", {class: "prompt"},
      element("div", {class: "prompt-head"}, element("p", {class: "prompt-label"}, label), copy),
      element("p", {class: "prompt-text", dir: "auto"}, text));
  }));
}

/** Which part of each picture was chosen, drawn on the whole of it. */
function cropsSection(asset) {
  if (!asset.crops?.length) return null;
  return section(t("Crops"), element("div", {class: "crops"}, ...asset.crops.map(({name, source, box: [x, y, width, height]}) => {
    const chosen = element("span", {class: "crop-box"});
    Object.assign(chosen.style, {left: `${x * 100}%`, top: `${y * 100}%`, width: `${width * 100}%`, height: `${height * 100}%`});
    const share = t("{share} % of the picture is shown", {share: number(Math.round(width * height * 100))});
    return element("figure", {}, element("div", {class: "crop"}, element("img", {src: source, alt: `${name}: ${share}`}), chosen),
      element("figcaption", {}, name, element("br"), share));
  })));
}

/** The picture half done, as its maker showed it on the way. */
function previewsSection(asset) {
  if (!asset.previews?.length) return null;
  return section(t("On the way"), element("div", {class: "previews"}, ...asset.previews.map(([label, source]) =>
    element("figure", {}, element("img", {src: source, alt: ""}), element("figcaption", {}, label)))));
}

function provenanceSection(asset) {
  if (!asset.files) return null;
  const shown = [[t("Row"), asset.keys], ...asset.files.map((file) => [t("Asset"), file.id]), ...asset.provenance].filter(([, value]) => value !== "");
  return section(t("Provenance"), element("dl", {class: "provenance"}, ...shown.map(([label, value]) =>
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
  button.textContent = done ? t("Copied") : t("Select it by hand");
  setTimeout(() => { button.textContent = t("Copy"); }, 1600);
}

function openDetail(asset) {
  const before = openAsset;
  openAsset = inFull(asset);
  if (!asset.files && !asset.block.missing) openPage(asset.page).then(() => { if (openAsset === asset) openDetail(asset); });
  state.open = asset.id || "";
  state.page = sheet.folder ? String(asset.page + 1) : "";
  const what = [label("layout", asset.layout), asset.formats.join(", "), measure(unbroken(asset.size))].filter(Boolean).join(" · ");
  byId("detail-stage").replaceChildren(...stage(asset));
  byId("detail-facts").replaceChildren(...[
    element("h2", {id: "detail-title", dir: NAMES_RUN}, namesOf(asset.row) || asset.id),
    element("p", {class: "detail-what"}, what),
    element("p", {class: "signs"},
      element("span", {class: `badge ${asset.status === "failed" ? "error" : "plain"}`}, label("status", asset.status)), ...badges(asset.findings)),
    ...(asset.files ? [answerSection(asset), findingsSection(asset), textsSection(asset), cropsSection(asset), previewsSection(asset), promptsSection(asset), provenanceSection(asset)]
      : [element("p", {class: "detail-what"}, asset.block.missing ? t("What there is to say of it is in {name}, which is not there.", {name: leftToRight(`${sheet.folder}/${pageName(asset.block)}`)}) : t("Reading …"))]),
  ].filter(Boolean));
  if (before !== asset) byId("detail-facts").scrollTop = 0;
  setZoom(0);
  const at = matching.indexOf(asset);
  byId("detail-position").textContent = at < 0 ? "" : t("{number} of {all}", {number: number(at + 1), all: number(matching.length)});
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
  if (next && matching.includes(openAsset)) openDetail(next);
}

detail.addEventListener("close", () => {
  const last = openAsset;
  openAsset = null;
  state.open = "";
  writeHash();
  if (last && matching.includes(last)) focusTile(matching.indexOf(last));
});
detail.addEventListener("click", (event) => {
  if (event.target === detail) detail.close(); // the backdrop
});
detail.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || event.target.closest("textarea")) return;
  if (event.key === "+" || event.key === "=") stepZoom(1);
  else if (event.key === "-") stepZoom(-1);
  else if (event.shiftKey || (zoom && event.target.closest(".detail-picture"))) return;
  else if (event.key === "PageDown" || event.key === "PageUp") {
    const strip = detail.querySelector(".page-strip");
    if (!strip || event.target.closest(".detail-facts")) return;
    strip.show(event.key === "PageDown" ? 1 : -1);
  } else if (event.key in ALONG) stepDetail(ALONG[event.key]);
  else return;
  event.preventDefault();
});
byId("detail-previous").addEventListener("click", () => stepDetail(-1));
byId("detail-next").addEventListener("click", () => stepDetail(1));
byId("detail-close").addEventListener("click", () => detail.close());
