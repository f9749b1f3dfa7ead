// Asks only what the chosen aim needs. Without this file the same questions stand under their headings.
const aim = document.querySelector("[data-objective-form] select[name=aim]");
if (aim) {
  const blocks = [...document.querySelectorAll("[data-for-aims]")];
  const show = () => {
    for (const block of blocks) {
      const asked = aim.value !== "" && block.dataset.forAims.trim().split(/\s+/).includes(aim.value);
      block.hidden = !asked;
      if (asked) block.querySelector("details").open = true;
    }
  };
  aim.addEventListener("change", show);
  show();
}
