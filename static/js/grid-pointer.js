// The mouse, the pen and the finger on the grid: a click cycles, a drag paints, a finger scrolls.
import { after } from "./grid-cells.js";

const LONG_PRESS = 450;
const SLACK = 8;
const EDGE = 36;

export function followPointer(grid) {
  const { cells, frame } = grid;
  const { table } = cells;
  let drag = null;

  const cellUnder = ({ clientX, clientY }) => {
    const cell = document.elementFromPoint(clientX, clientY)?.closest("td[data-q]");
    return cell && table.contains(cell) ? cell : null;
  };
  const show = () => {
    const covered = new Set(drag ? cells.rectangle(drag.first, drag.last) : []);
    table.querySelectorAll(".is-drag").forEach((cell) => covered.has(cell) || cell.classList.remove("is-drag"));
    if (drag?.isPainting) covered.forEach((cell) => cell.classList.add("is-drag"));
    table.classList.toggle("is-dragging", Boolean(drag?.isPainting));
  };
  const stop = () => {
    clearTimeout(drag?.timer);
    drag = null;
    show();
  };
  grid.cancelDrag = () => {
    const wasDragging = Boolean(drag?.isPainting);
    stop();
    return wasDragging;
  };
  const paintFrom = () => {
    drag.isPainting = true;
    show();
  };

  table.addEventListener("pointerdown", (event) => {
    const cell = event.target.closest("td[data-q]");
    if (!cell || event.button !== 0 || !event.isPrimary) return;
    const isTouch = event.pointerType === "touch";
    if (!isTouch) event.preventDefault();
    if (event.shiftKey) {
      grid.extendTo(cell);
      return;
    }
    if (!isTouch) grid.stand(cell);
    drag = { first: cell, last: cell, isTouch, x: event.clientX, y: event.clientY, isPainting: false };
    if (isTouch) drag.timer = setTimeout(() => drag && paintFrom(), LONG_PRESS);
  });

  const scrollAtEdge = ({ clientX }) => {
    const { left, right } = frame.getBoundingClientRect();
    if (clientX > right - EDGE) frame.scrollLeft += 12;
    if (clientX < left + EDGE) frame.scrollLeft -= 12;
  };
  document.addEventListener("pointermove", (event) => {
    if (!drag) return;
    const hasMoved = Math.hypot(event.clientX - drag.x, event.clientY - drag.y) > SLACK;
    if (drag.isTouch && !drag.isPainting) {
      if (hasMoved) stop();
      return;
    }
    const cell = cellUnder(event);
    scrollAtEdge(event);
    if (!cell || cell === drag.last) return;
    drag.last = cell;
    paintFrom();
  });
  document.addEventListener("pointerup", (event) => {
    if (!drag) return;
    const { first, last, isPainting } = drag;
    stop();
    if (!isPainting && !table.contains(event.target)) return;
    grid.stand(first);
    const isOne = !isPainting || (first === last && event.pointerType !== "touch");
    if (isOne) grid.write([first], after(cells.value(first)));
    else grid.write(cells.rectangle(first, last), cells.value(first) || "prevu");
  });
  document.addEventListener("pointercancel", stop);
  // Once painting, the finger does not scroll; a long press opens no menu.
  table.addEventListener("touchmove", (event) => drag?.isPainting && event.preventDefault(), { passive: false });
  table.addEventListener("contextmenu", (event) => drag?.isTouch && event.preventDefault());

  // A title chooses its line, for the buttons that move it.
  table.addEventListener("click", (event) => {
    const title = event.target.closest("th.grid-title, .grid-sheet th");
    if (title && title.closest("tbody") && !event.target.closest("a")) grid.choose(title.parentElement);
  });
}
