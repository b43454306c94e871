// Where one stands in the grid, and what the keys do there (APG grid pattern).
import { after, counted, quarterWords } from "./grid-cells.js";
import { Said } from "./grid-said.js";

const STATES = { p: "prevu", f: "fait", d: "decale", Delete: "", Backspace: "" };
const MOVES = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

export class Standing extends Said {
  firstStop() {
    const current = this.cells.table.querySelector("thead .is-current");
    const column = current ? [...current.parentElement.children].indexOf(current) - 1 : 0;
    const row = this.cells.table.querySelector("tr[data-objective]");
    const cell = row && (this.cells.of(row)[column] ?? this.cells.of(row)[0]);
    if (cell) this.rove(cell);
  }

  rove(stop) {
    this.cells.table.querySelectorAll('[tabindex="0"]').forEach((other) => (other.tabIndex = -1));
    stop.tabIndex = 0;
  }

  arrive(target) {
    const stop = target.closest("td[data-q], tbody a");
    if (!stop) return;
    this.rove(stop);
    if (stop.matches("td")) this.column = this.cells.column(stop);
    this.aim(stop.closest("tr"));
  }

  // `:focus-visible` says nothing of a cell focused by a click: the mark is ours.
  stand(stop, isSelecting = false) {
    if (!stop) return;
    if (!isSelecting) this.select([]);
    this.rove(stop);
    stop.focus({ preventScroll: true });
    this.cells.table.querySelectorAll(".is-focus").forEach((cell) => cell.classList.remove("is-focus"));
    if (stop.matches("td")) stop.classList.add("is-focus");
    this.show(stop);
    if (!isSelecting) this.anchor = stop.matches("td") ? stop : null;
  }

  // The titles and the states stay in sight at both ends: a cell beneath them is not seen.
  show(stop) {
    stop.scrollIntoView({ block: "nearest", inline: "nearest" });
    if (!stop.matches("td")) return;
    const title = stop.parentElement.querySelector("th").getBoundingClientRect().right;
    const state = stop.parentElement.querySelector("td.grid-state");
    const isStuck = getComputedStyle(state).position === "sticky";
    const limit = isStuck ? state.getBoundingClientRect().left : this.frame.getBoundingClientRect().right;
    const { left, right } = stop.getBoundingClientRect();
    if (left < title) this.frame.scrollLeft -= title - left + 4;
    else if (right > limit) this.frame.scrollLeft += right - limit + 4;
    const head = this.cells.table.tHead.getBoundingClientRect();
    const { top } = stop.getBoundingClientRect();
    if (top < head.bottom && head.top <= this.frame.getBoundingClientRect().top + 1) this.frame.scrollTop -= head.bottom - top;
  }

  here() { return document.activeElement.closest?.("td[data-q], tbody a") ?? null; }

  aim(line) {
    if (!line || line === this.target) return;
    this.target?.classList.remove("is-chosen");
    this.target = line;
    line.classList.add("is-chosen");
    this.enable();
  }

  choose(line) {
    this.aim(line);
    const [first, ...others] = this.cells.stops(line);
    this.stand(first.matches("td") ? first : (others[this.column] ?? first));
  }

  step(stop, [down, right]) {
    const line = stop.closest("tr");
    if (down) {
      const lines = this.cells.lines();
      return this.onLine(lines[lines.indexOf(line) + down]);
    }
    const stops = this.cells.stops(line);
    return stops[stops.indexOf(stop) + right];
  }

  onLine(line) {
    if (!line) return null;
    const stops = this.cells.stops(line);
    return stops.filter((stop) => stop.matches("td"))[this.column] ?? stops[0];
  }

  otherSheet(stop, way) {
    const bodies = [...this.cells.table.tBodies].filter((body) => body.querySelector("tr[data-objective]"));
    const body = bodies[bodies.indexOf(stop.closest("tbody")) + way];
    return this.onLine(body?.querySelector("tr[data-objective]"));
  }

  edge(stop, { key, ctrlKey }) {
    const rows = [...this.cells.table.querySelectorAll("tr[data-objective]")];
    const row = ctrlKey ? rows.at(key === "Home" ? 0 : -1) : stop.closest("tr");
    return this.cells.stops(row).filter((one) => one.matches("td")).at(key === "Home" ? 0 : -1) ?? this.cells.stops(row)[0];
  }

  // --- The keyboard ---

  press(event) {
    const stop = this.here();
    if (!stop || event.altKey || event.metaKey) return;
    const isCell = stop.matches("td");
    const { key, shiftKey, ctrlKey } = event;
    const acts = [
      [ctrlKey && (key === "ArrowLeft" || key === "ArrowRight"), () => this.shift(key === "ArrowLeft" ? -1 : 1)],
      [ctrlKey && key !== "Home" && key !== "End", null],
      [shiftKey && isCell && key in MOVES, () => this.extendTo(this.stepCell(stop, MOVES[key]))],
      [key in MOVES, () => this.stand(this.step(stop, MOVES[key]))],
      [key === "Home" || key === "End", () => this.stand(this.edge(stop, event))],
      [key === "PageUp", () => this.stand(this.otherSheet(stop, -1))],
      [key === "PageDown", () => this.stand(this.otherSheet(stop, 1))],
      [isCell && key === " ", () => this.write(this.chosen(stop), after(this.cells.value(stop)))],
      [isCell && STATES[key.length === 1 ? key.toLowerCase() : key] !== undefined,
        () => this.write(this.chosen(stop), STATES[key.length === 1 ? key.toLowerCase() : key])],
      [isCell && key === "Enter", () => this.open(stop)],
    ];
    const act = acts.find(([isIt]) => isIt)?.[1];
    if (!act) return;
    event.preventDefault();
    act();
  }

  pressAnywhere(event) {
    const { key, ctrlKey, metaKey, shiftKey } = event;
    if (key === "Escape") {
      const stopped = this.cancelDrag() || this.selected().length;
      this.select([]);
      if (stopped) this.say("Choix abandonné.");
      return;
    }
    const isTyping = event.target.closest("input, textarea, select");
    if (!(ctrlKey || metaKey) || isTyping) return;
    const isUndo = key.toLowerCase() === "z" && !shiftKey;
    const isRedo = key.toLowerCase() === "y" || (key.toLowerCase() === "z" && shiftKey);
    if (!isUndo && !isRedo) return;
    event.preventDefault();
    if (isUndo) this.undo();
    else this.redo();
  }

  open(cell) {
    const { planning } = cell.parentElement.querySelector("a.row-edit")?.dataset ?? {};
    if (planning) location.assign(planning);
  }

  // --- Choosing a rectangle ---

  stepCell(stop, move) {
    let next = this.step(stop, move);
    while (next && !next.matches("td")) next = move[0] ? this.step(next, move) : null;
    return next;
  }

  extendTo(cell) {
    if (!cell) return;
    const anchor = this.anchor ?? (this.here()?.matches("td") ? this.here() : cell);
    this.anchor = anchor;
    this.stand(cell, true);
    const chosen = this.cells.rectangle(anchor, cell);
    this.select(chosen);
    const columns = chosen.map(({ dataset }) => Number(dataset.q));
    const span = `de ${quarterWords(Math.min(...columns))} à ${quarterWords(Math.max(...columns))}`;
    const rows = new Set(chosen.map((one) => one.parentElement)).size;
    this.sayLater(`${counted(chosen.length, "case")} choisie${chosen.length > 1 ? "s" : ""}, ${span}, ${counted(rows, "objectif")}.`);
  }

  selected() { return [...this.cells.table.querySelectorAll('td[aria-selected="true"]')]; }
  select(chosen) {
    const kept = new Set(chosen);
    this.selected().forEach((cell) => kept.has(cell) || cell.removeAttribute("aria-selected"));
    chosen.forEach((cell) => cell.setAttribute("aria-selected", "true"));
  }
  chosen(stop) {
    const selected = this.selected();
    return selected.includes(stop) ? selected : [stop];
  }
}
