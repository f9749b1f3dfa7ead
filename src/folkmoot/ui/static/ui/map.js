// Draws the map beside a table: outlines from one address, classes and names from the table's own rows.
// Without this script the table stands alone and says the same.

const STEP = 8;

function patterns(key) {
  const found = new Map();
  for (const item of key ? key.querySelectorAll("[data-key]") : []) {
    const { pattern, fill, ink } = item.dataset;
    const tile = document.createElement("canvas");
    tile.width = tile.height = STEP;
    const pen = tile.getContext("2d");
    pen.fillStyle = fill;
    pen.fillRect(0, 0, STEP, STEP);
    pen.fillStyle = pen.strokeStyle = ink;
    pen.lineWidth = 1.1;
    const line = (x1, y1, x2, y2) => { pen.beginPath(); pen.moveTo(x1, y1); pen.lineTo(x2, y2); pen.stroke(); };
    if (pattern === "dots") for (const at of [2, 6]) { pen.beginPath(); pen.arc(at, at, 1.1, 0, 7); pen.fill(); }
    if (pattern === "lines" || pattern === "cross") { line(-1, 9, 9, -1); line(-1, 1, 1, -1); line(7, 9, 9, 7); }
    if (pattern === "cross") { line(-1, -1, 9, 9); line(-1, 7, 1, 9); line(7, -1, 9, 1); }
    found.set(item.dataset.key, { fill: pen.createPattern(tile, "repeat"), ink });
  }
  return found;
}

function unpacked(polygons, scale) {
  return polygons.map((rings) => rings.map((flat) => {
    const points = [];
    let x = 0, y = 0;
    for (let at = 0; at < flat.length; at += 2) {
      x += flat[at];
      y += flat[at + 1];
      points.push([y / scale, x / scale]);
    }
    return points;
  }));
}

function popup(name, url, words) {
  const box = document.createElement("div");
  const first = document.createElement(url ? "a" : "strong");
  first.textContent = name;
  if (url) first.href = url;
  box.append(first);
  if (words) box.append(document.createElement("br"), words);
  return box;
}

async function draw(side) {
  const says = side.querySelector(".fm-map-says");
  const figure = side.closest("figure");
  const rows = new Map([...figure.querySelectorAll("tr[data-place]")].map((row) => [row.dataset.place, row]));
  const looks = patterns(figure.querySelector(".fm-map-key"));
  side.hidden = false;
  let answer;
  try {
    const response = await fetch(side.dataset.outlines, { credentials: "same-origin" });
    if (!response.ok) throw new Error(String(response.status));
    answer = await response.json();
  } catch {
    says.textContent = "The outlines could not be fetched. The table has all that the map would show.";
    return;
  }
  const map = L.map(side.querySelector(".fm-map"), {
    preferCanvas: true, zoomControl: true, attributionControl: false, zoomSnap: 0.25, wheelPxPerZoomLevel: 90,
    fadeAnimation: false, maxZoom: 17, minZoom: 4,
  });
  L.control.attribution({ prefix: false }).addAttribution(answer.source || "").addTo(map);
  const shapes = new Map();
  const all = L.featureGroup();
  const busy = Object.keys(answer.places).length > 400;
  for (const [id, [name, polygons]] of Object.entries(answer.places)) {
    const row = rows.get(id);
    if (!row && !side.dataset.others) continue;
    const look = row && looks.get(row.dataset.class);
    const style = { color: look ? look.ink : "#0e4a50", weight: busy ? 0.5 : 1, fillColor: look ? look.fill : "#cfe3e6", fillOpacity: row ? 1 : 0.45 };
    const shape = L.polygon(unpacked(polygons, answer.scale), style);
    shape.own = style;
    const words = row ? [...row.querySelectorAll("td")].map((cell) => cell.textContent.trim()).filter(Boolean).join("; ") : "";
    const link = row ? row.querySelector("a") : null;
    const url = link ? link.getAttribute("href") : answer.page && answer.page.replace("0", id);
    shape.bindPopup(() => popup(name, url, words));
    shape.on("mouseover", () => light(id, true)).on("mouseout", () => light(id, false));
    shapes.set(id, shape);
    all.addLayer(shape);
  }
  function light(id, on) {
    const shape = shapes.get(id);
    if (shape) {
      shape.setStyle(on ? { weight: 4, color: "#14262b" } : shape.own);
      if (on) shape.bringToFront();
    }
    rows.get(id)?.classList.toggle("fm-map-here", on);
  }
  for (const [id, row] of rows) {
    row.addEventListener("focusin", () => light(id, true));
    row.addEventListener("focusout", () => light(id, false));
    row.addEventListener("mouseenter", () => light(id, true));
    row.addEventListener("mouseleave", () => light(id, false));
  }
  if (!shapes.size) {
    says.textContent = "None of these places has an outline here.";
    map.setView([54, -2], 6);
    return;
  }
  const named = [...shapes].filter(([id]) => rows.has(id)).map(([, shape]) => shape);
  map.fitBounds((side.dataset.others ? all : L.featureGroup(named)).getBounds(), { padding: [8, 8], animate: false });
  all.addTo(map);
  says.textContent = `${shapes.size.toLocaleString("en-GB")} place${shapes.size === 1 ? "" : "s"} on the map.`;
  side.dataset.drawn = String(shapes.size);
}

for (const side of document.querySelectorAll("[data-fm-map]")) draw(side);
