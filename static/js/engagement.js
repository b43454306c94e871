// « Toutes » and « Toute la catégorie »: ticks the boxes beneath, and follows them.
"use strict";
(() => {
  document.documentElement.classList.add("has-script");
  const boxes = (master) => {
    const where = master.dataset.within ? document.getElementById(master.dataset.within) : document;
    return [...where.querySelectorAll(`input[name="${master.dataset.ticks}"]`)];
  };
  const masters = [...document.querySelectorAll("[data-ticks]")];
  const follow = () => {
    for (const master of masters) {
      const ticked = boxes(master).filter((box) => box.checked).length;
      master.checked = ticked > 0 && ticked === boxes(master).length;
      master.indeterminate = ticked > 0 && !master.checked;
    }
  };
  document.addEventListener("change", (event) => {
    if (masters.includes(event.target)) {
      for (const box of boxes(event.target)) box.checked = event.target.checked;
    }
    follow();
  });
  follow();
})();
