// Comfort only: the rows of a sheet moved by a handle or by Alt and the arrows, the focus kept where
// the hand is, a pasted list led to its own form. Every gesture goes through the forms of the page.
(() => {
  const ARROWS = { ArrowUp: "monter", ArrowDown: "descendre", ArrowRight: "grouper", ArrowLeft: "sortir" };
  const outline = () => document.querySelector("[data-outline]");
  const rowOf = (element) => element.closest("[data-row]");
  const lineOf = (row) => row.querySelector(":scope > .outline-line");
  const named = (id) => document.getElementById(id);
  document.documentElement.classList.add("has-script");

  // The focus: where the hand was, else where the server says, else on the handle of the row.
  let wanted = "";
  const focusAfter = ({ focus, rowSaid }) => {
    const ids = focus || wanted ? [wanted, focus, `poignee-${rowSaid}`] : [];
    wanted = "";
    const target = ids.map((id) => id && named(id)).find((element) => element && !element.disabled);
    target?.focus({ preventScroll: true });
    target?.scrollIntoView({ block: "nearest" });
  };

  // Opened under the grid, the editor takes the hand to its line.
  const onOpen = ({ target }) => {
    if (target.closest("[data-open-rows]")) wanted = "ligne_title";
  };

  // One gesture at a time: a key pressed meanwhile waits, since the rows are about to change.
  let isSending = false;
  const waiting = [];
  const isBusy = () => isSending || Boolean(document.querySelector("[data-outline] .htmx-request"));
  const step = ({ row, code, focus }) => {
    const button = named(`${code}-${row}`);
    if (!button || button.disabled) return;
    isSending = true;
    wanted = focus;
    button.click();
  };
  const next = () => {
    isSending = false;
    while (waiting.length && !isSending) step(waiting.shift());
  };
  const onKey = (event) => {
    const code = ARROWS[event.key];
    const row = event.altKey && code && rowOf(event.target)?.dataset.row;
    if (!row || event.target.matches("select, input, textarea")) return;
    event.preventDefault();
    const asked = { row, code, focus: event.target.id || `poignee-${row}` };
    if (isBusy()) waiting.push(asked);
    else step(asked);
  };

  // Dragging by the handle: where the row would go is drawn between two others.
  let drag = null;
  const siblingsIn = (list, kind, but) =>
    [...list.children].filter((row) => row.dataset.kind === kind && row !== but);
  const placeBeside = (row, isAfter) => {
    const list = row.parentElement;
    const index = siblingsIn(list, row.dataset.kind, drag.row).indexOf(row);
    return { place: `${list.dataset.parent ?? ""}:${index + (isAfter ? 1 : 0)}`, row, side: isAfter ? "after" : "before" };
  };
  const lastLoose = () => `:${siblingsIn(outline().querySelector(".outline-rows"), "objectif", drag.row).length}`;
  const placeAt = (x, y) => {
    const under = document.elementFromPoint(x, y)?.closest("[data-outline] [data-row]");
    if (!under || under === drag.row) return null;
    const box = lineOf(under)?.getBoundingClientRect();
    if (!box) return null;
    const isAfter = y > box.top + box.height / 2;
    if (drag.row.dataset.kind === "projet") {
      const top = under.dataset.kind === "projet" ? under : rowOf(under.parentElement);
      if (!top || top === drag.row) return null;
      const whole = top.getBoundingClientRect();
      return placeBeside(top, y > whole.top + whole.height / 2);
    }
    if (under.dataset.kind === "objectif") return placeBeside(under, isAfter);
    if (isAfter) return { place: `${under.dataset.row}:0`, row: under, side: "inside" };
    const before = under.previousElementSibling;
    if (before?.dataset.kind !== "projet") return { place: lastLoose(), row: under, side: "before" };
    const own = siblingsIn(before.querySelector(":scope > ol"), "objectif", drag.row);
    return { place: `${before.dataset.row}:${own.length}`, row: under, side: "before" };
  };
  const unmark = () =>
    document.querySelectorAll("[data-drop]").forEach((row) => row.removeAttribute("data-drop"));
  const draw = () => {
    unmark();
    drag.found = placeAt(drag.x, drag.y);
    drag.found?.row.setAttribute("data-drop", drag.found.side);
  };
  const EDGE = 60;
  const scroll = () => {
    if (!drag) return;
    const speed = drag.y < EDGE ? drag.y - EDGE : Math.max(0, drag.y - window.innerHeight + EDGE);
    if (speed && drag.hasMoved) {
      window.scrollBy(0, speed / 3);
      draw();
    }
    requestAnimationFrame(scroll);
  };
  const release = () => {
    unmark();
    drag?.row.classList.remove("is-dragged");
    drag = null;
  };
  const onDown = (event) => {
    const handle = event.target.closest("[data-handle]");
    if (!handle || event.button || isBusy()) return;
    handle.focus();
    handle.setPointerCapture(event.pointerId);
    drag = { row: rowOf(handle), x: event.clientX, y: event.clientY, from: event.clientY, hasMoved: false, found: null };
    requestAnimationFrame(scroll);
  };
  const onMove = (event) => {
    if (!drag) return;
    Object.assign(drag, { x: event.clientX, y: event.clientY });
    drag.hasMoved ||= Math.abs(event.clientY - drag.from) > 4;
    if (!drag.hasMoved) return;
    drag.row.classList.add("is-dragged");
    draw();
  };
  const onUp = () => {
    if (!drag) return;
    const { row, found } = drag;
    release();
    if (!found) return;
    const form = row.querySelector("form.outline-gestures");
    const button = form.querySelector("[data-step]");
    wanted = `poignee-${row.dataset.row}`;
    isSending = true;
    window.htmx.ajax("POST", button.getAttribute("formaction"), {
      source: form,
      target: "#objectifs-rangees",
      values: { place: found.place },
    });
  };

  // Several lines pasted where one is expected: the list has its own form.
  let pasted = "";
  const onPaste = (event) => {
    const field = event.target;
    const text = event.clipboardData?.getData("text/plain") ?? "";
    const link = document.querySelector("[data-outline] [data-paste]");
    if (!field.closest?.("[data-line]") || !link || !/\S[\r\n]+\s*\S/.test(text)) return;
    event.preventDefault();
    const { value, selectionStart, selectionEnd } = field;
    pasted = value.slice(0, selectionStart) + text + value.slice(selectionEnd);
    link.click();
  };
  const fillList = () => {
    const area = named("liste_lines");
    if (!pasted || !area) return;
    area.value = pasted;
    pasted = "";
    area.dispatchEvent(new Event("input", { bubbles: true }));
  };

  // An answer is marked once, however many parts of it settle.
  const arrive = () => {
    const answer = document.querySelector("[data-outline] [data-answer]");
    if (!answer) return;
    answer.remove();
    focusAfter(answer.dataset);
    fillList();
    next();
  };
  document.addEventListener("click", onOpen);
  document.addEventListener("keydown", onKey);
  document.addEventListener("keydown", (event) => event.key === "Escape" && release());
  document.addEventListener("pointerdown", onDown);
  document.addEventListener("pointermove", onMove);
  document.addEventListener("pointerup", onUp);
  document.addEventListener("pointercancel", release);
  document.addEventListener("paste", onPaste);
  document.addEventListener("htmx:afterSettle", arrive);
  for (const failed of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
    document.addEventListener(failed, () => {
      isSending = false;
      waiting.length = 0;
    });
  }
  // On a page of its own the editor is there at once.
  arrive();

  // The first row of a sheet brings its grid, which looks after itself from then on.
  const drawFirstGrid = () => {
    if (!named("planning") || named("grille")) return;
    htmx.ajax("GET", location.pathname, { target: "#planning", select: "#planning", swap: "outerHTML", source: "#planning" });
  };
  document.addEventListener("sheet-changed", drawFirstGrid);
})();
