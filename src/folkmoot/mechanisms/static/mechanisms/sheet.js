// Says at once whether a step still keeps its assumption. Without this file, the buttons say it.
const said = (words) => words.trim().replace(/\s+/g, " ").toLowerCase();
for (const sheet of document.querySelectorAll("[data-fm-chain]")) {
  const rows = [...sheet.querySelectorAll(".fm-row")];
  const show = () => {
    let before = "";
    for (const row of rows) {
      const cause = row.querySelector("input[name$=-cause]");
      const effect = row.querySelector("input[name$=-effect]");
      const from = cause ? cause.value : before;
      const line = row.querySelector(".fm-row__cause");
      if (line && from) line.textContent = `“${from}”`;
      if (row.dataset.fmEffect !== undefined) {
        const keeps = said(from) === said(row.dataset.fmCause) && said(effect.value) === said(row.dataset.fmEffect);
        for (const [name, shown] of [["keeps", keeps], ["anew", !keeps]]) {
          const words = row.querySelector(`[data-fm-${name}]`);
          if (words.hidden === shown) words.hidden = !shown;
        }
        row.classList.toggle("fm-row--keeps", keeps);
        row.classList.toggle("fm-row--changed", !keeps);
      }
      if (effect.value.trim()) before = effect.value;
    }
  };
  sheet.addEventListener("input", show);
  show();
}
