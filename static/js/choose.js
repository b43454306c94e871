// Comfort only, over the checkboxes of the list of sheets: all at once, a run of them with Shift,
// how many, and a bar that stays in sight. Ticked sheets stay ticked when a filter still shows them.
(() => {
  document.documentElement.classList.add("has-script");
  let last = null;
  let kept = new Set();

  const bar = () => document.querySelector(".choice");
  const boxes = () => [...document.querySelectorAll("#resultats input[name=fiche]")];
  const plural = (count) => (count > 1 ? `${count}\u00a0fiches choisies` : `${count}\u00a0fiche choisie`);

  const tell = () => {
    if (!bar()) return;
    const all = boxes();
    const chosen = all.filter((box) => box.checked);
    kept = new Set(chosen.map((box) => box.value));
    const count = bar().querySelector("[data-choice-count]");
    const words = chosen.length ? plural(chosen.length) : "Aucune fiche choisie";
    if (count.textContent !== words) count.textContent = words;
    bar().classList.toggle("has-choice", chosen.length > 0);
    const whole = bar().querySelector("[data-choose-all]");
    whole.checked = chosen.length === all.length;
    whole.indeterminate = chosen.length > 0 && chosen.length < all.length;
    all.forEach((box) => box.closest("tr").classList.toggle("is-chosen", box.checked));
  };
  const setAll = (checked) => {
    boxes().forEach((box) => (box.checked = checked));
    tell();
  };
  // From the last one that was touched to this one, all as this one.
  const run = (box) => {
    const all = boxes();
    const ends = [all.indexOf(last), all.indexOf(box)].sort((one, other) => one - other);
    if (ends[0] < 0) return;
    all.slice(ends[0], ends[1] + 1).forEach((one) => (one.checked = box.checked));
  };

  document.addEventListener("click", (event) => {
    if (event.target.matches("[data-choose-none]")) {
      setAll(false);
      bar().querySelector("[data-choose-all]").focus();
    }
    const box = event.target.matches("input[name=fiche]") ? event.target : null;
    if (!box) return;
    if (event.shiftKey && last) run(box);
    last = box;
    tell();
  });
  // A click with Shift on the label selects words of the page: not here.
  document.addEventListener("mousedown", (event) => {
    if (event.shiftKey && event.target.closest?.(".pick")) event.preventDefault();
  });
  document.addEventListener("change", ({ target }) => {
    if (target.matches("[data-choose-all]")) setAll(target.checked);
    else if (target.matches("input[name=fiche]")) tell();
  });
  document.addEventListener("htmx:afterSwap", () => {
    const before = new Set(kept);
    boxes().forEach((box) => (box.checked = before.has(box.value)));
    last = null;
    tell();
  });
  window.addEventListener("pageshow", tell);
  tell();
})();
