// Comfort only, around the forms written in place: Ctrl + Enter saves, a text of somebody else is
// copied into the field, a text kept on the device is told beside the link that opens its form.
(() => {
  document.documentElement.classList.add("has-script");

  const save = (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    const form = event.target.closest?.("form[data-edit]");
    if (!form) return;
    event.preventDefault();
    form.requestSubmit();
  };
  // Escape leaves a form in which nothing was typed; otherwise it does nothing.
  const leave = (event) => {
    const form = event.key === "Escape" && event.target.closest?.("form[data-edit][hx-post]");
    if (!form || form.dataset.typed) return;
    form.querySelector(".edit-buttons a")?.click();
  };

  // Their text in my field; unticked, mine again. Typing on makes it a third text, which is mine.
  const before = new WeakMap();
  const fieldOf = (box) => document.getElementById(box.dataset.field);
  const isText = (field) => field?.matches("textarea, input:not([type=checkbox], [type=radio], [type=hidden])");
  const take = (box) => {
    const field = fieldOf(box);
    if (!isText(field)) return;
    if (box.checked) before.set(box, field.value);
    field.value = box.checked ? box.dataset.theirs : (before.get(box) ?? field.value);
    field.dataset.taken = box.checked ? box.id : "";
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const onInput = ({ target }) => {
    const form = target.closest?.("form[data-edit]");
    if (form) form.dataset.typed = "1";
    const box = target.dataset?.taken && document.getElementById(target.dataset.taken);
    if (!box || target.value === box.dataset.theirs) return;
    box.checked = false;
    target.dataset.taken = "";
  };

  // What drafts.js keeps for a form that is not open.
  const hasDraft = (key) => {
    const place = `ptsm-draft:${document.body.dataset.user}:${key}`;
    try {
      return JSON.parse(localStorage.getItem(place) ?? "[]").length > 0;
    } catch {
      return false;
    }
  };
  const tellDrafts = () =>
    document.querySelectorAll("[data-draft-of]").forEach((link) => {
      const told = link.parentElement.querySelector(`.draft-told[data-of="${link.dataset.draftOf}"]`);
      if (!hasDraft(link.dataset.draftOf)) told?.remove();
      else if (!told) {
        const mark = Object.assign(document.createElement("span"), { className: "draft-told", textContent: "texte non enregistré gardé ici" });
        mark.dataset.of = link.dataset.draftOf;
        link.after(mark);
      }
    });

  // The figures are drawn again at any moment, by the grid too: their links ask on behalf of the
  // place that they open, which stays, and the focus comes back to them.
  const open = (event) => {
    const link = event.target.closest?.("a[data-opens]");
    const place = link && document.getElementById(link.dataset.opens);
    const isAside = event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey;
    if (!place || !window.htmx || isAside) return;
    event.preventDefault();
    const swap = `outerHTML show:#${place.parentElement.id}:top`;
    window.htmx.ajax("GET", link.getAttribute("href"), { source: place, target: place, swap });
  };
  const figures = document.querySelector("#chiffres");
  let focused = null;
  const revive = () => {
    const link = focused && figures.querySelector(`a[href="${focused}"]`);
    if (link && document.activeElement === document.body) link.focus({ preventScroll: true });
    tellDrafts();
  };
  if (figures) new MutationObserver(revive).observe(figures, { childList: true });

  document.addEventListener("click", open);
  document.addEventListener("focusin", ({ target }) => {
    focused = figures?.contains(target) ? target.getAttribute("href") : null;
  });

  document.addEventListener("keydown", save);
  document.addEventListener("keydown", leave);
  document.addEventListener("input", onInput);
  document.addEventListener("change", ({ target }) => target.matches("[data-theirs]") && take(target));
  document.addEventListener("htmx:afterSettle", tellDrafts);
  document.addEventListener("draft-saved", () => setTimeout(tellDrafts));
  window.addEventListener("pageshow", tellDrafts);
  tellDrafts();
})();
