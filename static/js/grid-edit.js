// The quarter grid, written: APG grid pattern, one gesture at a time, saved without a page load.
// Without it each row has its own page with the same choices.
import { Cells, WORDS, counted, quarterWords } from "./grid-cells.js";
import { followPointer } from "./grid-pointer.js";
import { Queue } from "./grid-queue.js";
import { Standing } from "./grid-standing.js";

const ASKS_EVERY = 4000;
const WAY = { 1: "plus tard", "-1": "plus tôt" };

class Grid extends Standing {
  constructor(root) {
    super();
    this.root = root;
    this.frame = root.querySelector(".grid-frame");
    this.cells = new Cells(root.querySelector("table.grid"));
    this.seen = Number(root.dataset.revision);
    this.epoch = 0;
    this.done = [];
    this.undone = [];
    this.trouble = "";
    this.anchor = null;
    this.column = 0;
    this.queue = new Queue({ root, onChange: () => this.tell(), onSettled: (entry, answer) => this.settle(entry, answer) });
    root.querySelectorAll("[hidden]").forEach((part) => (part.hidden = false));
    root.querySelectorAll("[data-do]").forEach((button) => {
      button.disabled = false;
      button.addEventListener("click", () => this.isOff(button) || this[button.dataset.do]());
    });
    this.cells.table.addEventListener("keydown", (event) => this.press(event));
    root.addEventListener("keydown", (event) => this.pressAnywhere(event));
    this.cells.table.addEventListener("focusin", ({ target }) => this.arrive(target));
    followPointer(this);
    this.firstStop();
    this.queue.entries.forEach((entry) => this.apply(entry));
    this.enable();
    if (this.queue.entries.length) this.queue.hurry();
    setInterval(() => this.ask(), ASKS_EVERY);
    document.addEventListener("visibilitychange", () => this.ask());
  }

  // --- Writing ---

  write(chosen, to) {
    const open = chosen.filter((cell) => this.cells.isOpen(cell));
    if (!open.length) {
      this.say("Cette fiche n’est pas à vous\u00a0: ses cases se lisent seulement.");
      return;
    }
    const cells = open
      .filter((cell) => this.cells.value(cell) !== to)
      .map((cell) => ({ ...this.cells.place(cell), to, was: this.cells.value(cell) }));
    const told = open.length === 1 ? quarterWords(Number(open[0].dataset.q)) : counted(open.length, "case");
    this.say(`${told}\u00a0: ${WORDS[to]}.`);
    if (cells.length) this.paint(cells);
  }

  paint(cells) {
    const last = this.queue.unsent();
    const isSameCell = cells.length === 1 && last?.kind === "peindre" && last.cells?.length === 1
      && last === this.done.at(-1)?.entry && last.cells[0].o === cells[0].o && last.cells[0].q === cells[0].q;
    if (isSameCell) {
      cells[0].was = last.cells[0].was;
      this.done.pop();
      this.queue.drop(last);
      const cell = this.cells.at(cells[0].o, cells[0].q);
      if (cells[0].to === cells[0].was) {
        this.cells.mark(cell, "data-pending", false);
        this.cells.paint(cell, cells[0].to);
        this.enable();
        return;
      }
    }
    this.make({ kind: "peindre", cells });
  }

  make(gesture) {
    this.undone = [];
    this.done.push({ gesture, entry: this.send(gesture) });
    this.enable();
  }

  send(gesture) {
    const entry = structuredClone(gesture);
    if (!entry.cells) entry.revision = this.seen;
    this.apply(entry);
    return this.queue.push(entry);
  }

  // Shown at once, marked until the server says that it is kept.
  apply(entry) {
    if (!entry.cells) {
      this.rowsOf(entry).forEach((row) => this.move(row, entry.by));
      return;
    }
    entry.cells.forEach(({ o, q, to }) => {
      const cell = this.cells.at(o, q);
      if (!cell) return;
      cell.toggleAttribute("data-pending", true);
      this.cells.paint(cell, to);
    });
  }

  rowsOf({ objective, action }) {
    if (objective) return [this.cells.row(objective)].filter(Boolean);
    const body = this.cells.table.querySelector(`tbody[data-sheet="${action}"]`);
    return [...(body?.querySelectorAll("tr[data-objective]") ?? [])];
  }

  move(row, by) {
    const cells = this.cells.of(row);
    const values = cells.map((cell) => this.cells.value(cell));
    cells.forEach((cell, rank) => {
      cell.toggleAttribute("data-pending", true);
      this.cells.paint(cell, values[rank - by] ?? "");
    });
  }

  earlier() { this.shift(-1); }
  later() { this.shift(1); }
  shift(by) {
    const line = this.target;
    if (!line?.isConnected) return;
    if (line.closest("tbody").hasAttribute("data-shut")) {
      this.say("Cette fiche n’est pas à vous\u00a0: ses cases se lisent seulement.");
      return;
    }
    const { objective } = line.dataset;
    const what = objective ? { objective: Number(objective) } : { action: Number(line.closest("tbody").dataset.sheet) };
    this.make({ kind: "decaler", ...what, by });
    this.say(`${objective ? "Objectif décalé" : "Fiche décalée"} d’un trimestre ${WAY[by]}\u00a0: ${this.cells.title(line)}.`);
  }

  undo() {
    const last = this.done.pop();
    if (!last) return;
    this.undone.push(last);
    this.send(this.inverse(last.gesture));
    this.say("Geste annulé.");
    this.enable();
  }

  inverse({ cells, by, ...rest }) {
    if (!cells) return { ...rest, by: -by, kind: "annuler" };
    return { kind: "annuler", cells: cells.map(({ o, q, to, was }) => ({ o, q, to: was, was: to })) };
  }

  redo() {
    const last = this.undone.pop();
    if (!last) return;
    this.done.push({ ...last, entry: this.send({ ...last.gesture, kind: "retablir" }) });
    this.say("Geste rétabli.");
    this.enable();
  }

  isOff(button) { return button.getAttribute("aria-disabled") === "true"; }
  enable() {
    const isShut = !this.target?.isConnected || this.target.closest("tbody").hasAttribute("data-shut");
    const off = { undo: !this.done.length, redo: !this.undone.length, earlier: isShut, later: isShut };
    this.root.querySelectorAll("[data-do]").forEach((button) => button.setAttribute("aria-disabled", off[button.dataset.do]));
    const told = this.target?.isConnected ? `Décaler «\u00a0${this.cells.title(this.target)}\u00a0»` : "Choisissez une ligne pour la décaler";
    this.root.querySelector(".grid-target").textContent = told;
  }

  // --- What the server answers ---

  isWaiting({ o, q }) {
    return this.queue.entries.some((entry) => entry.cells
      ? entry.cells.some((cell) => cell.o === o && cell.q === q)
      : this.rowsOf(entry).includes(this.cells.row(o)));
  }

  async settle(entry, answer) {
    this.epoch += 1;
    if (answer.isRefused) return this.giveBack(entry, answer);
    if (entry.cells) this.confirm(entry, answer);
    this.draw(answer);
    const isNext = answer.revision <= this.seen + 1;
    if (isNext) this.seen = Math.max(this.seen, answer.revision);
    this.savedAt = new Date();
    return isNext ? undefined : this.ask(true);
  }

  confirm(entry, { conflicts, refused }) {
    const lost = [...conflicts, ...refused];
    entry.cells.forEach(({ o, q }) => {
      const cell = this.cells.at(o, q);
      if (cell && !this.isWaiting({ o, q })) this.cells.mark(cell, "data-pending", false);
    });
    lost.forEach((one) => this.clash(one, entry.cells.find(({ o, q }) => o === one.o && q === one.q)));
    const made = this.done.find((step) => step.entry.token === entry.token);
    if (!lost.length || !made) return;
    made.gesture.cells = made.gesture.cells.filter(({ o, q }) => !lost.some((one) => one.o === o && one.q === q));
    this.done = this.done.filter(({ gesture }) => !gesture.cells || gesture.cells.length);
    this.enable();
  }

  clash({ o, q, now, sentence }, mine) {
    const cell = this.cells.at(o, q);
    if (cell && !this.isWaiting({ o, q })) {
      this.cells.paint(cell, now ?? mine.was);
      this.cells.mark(cell, "data-conflict", true);
    }
    const putBack = now !== undefined && mine.to !== now
      ? { words: "Remettre le mien", act: () => this.putBack({ o, q, to: mine.to }) }
      : null;
    this.warn(sentence, putBack, `${o}-${q}`);
  }

  putBack({ o, q, to }) {
    const cell = this.cells.at(o, q);
    if (!cell) return;
    this.make({ kind: "peindre", cells: [{ o, q, to, was: this.cells.value(cell) }] });
    this.stand(cell);
  }

  // Refused as a whole: the cells say again what the server has.
  giveBack(entry, answer) {
    this.warn(answer.sentence, null, entry.token);
    this.done = this.done.filter((step) => step.entry.token !== entry.token);
    if (entry.cells) {
      entry.cells.forEach(({ o, q, was }) => {
        const cell = this.cells.at(o, q);
        if (!cell || this.isWaiting({ o, q })) return;
        this.cells.mark(cell, "data-pending", false);
        this.cells.paint(cell, was);
      });
    } else if (!answer.rows || !Object.keys(answer.rows).length) {
      this.rowsOf(entry).forEach((row) => this.move(row, -entry.by));
      this.rowsOf(entry).flatMap((row) => this.cells.of(row)).forEach((cell) => this.cells.mark(cell, "data-pending", false));
    }
    this.draw(answer);
    this.enable();
    return this.ask(true);
  }

  draw({ rows = {}, figures }) {
    Object.values(rows).forEach((html) => this.cells.patchRow(html, (place) => this.isWaiting(place)));
    const place = document.querySelector("#chiffres");
    if (!figures || !place || figures === this.figures) return;
    place.innerHTML = figures;
    this.figures = figures;
  }

  // What others wrote, every few seconds while somebody looks.
  async ask(isUrgent = false) {
    if (document.hidden || this.isAsking || (this.queue.isSending && !isUrgent)) return;
    this.isAsking = true;
    const { epoch } = this;
    const { since, sheet } = this.root.dataset;
    const response = await this.queue.ask(`${since}?revision=${this.seen}${sheet ? `&fiche=${sheet}` : ""}`, { headers: { Accept: "application/json" } });
    this.isAsking = false;
    const hadTrouble = this.trouble;
    this.trouble = response.trouble ?? "";
    if (response.status === 200 && epoch === this.epoch) this.take(await response.json().catch(() => null));
    if (hadTrouble !== this.trouble) this.tell();
    if (hadTrouble && !this.trouble && this.queue.entries.length) this.queue.hurry();
  }

  take(news) {
    if (!news) return;
    Object.entries(news.sheets).forEach(([key, html]) => this.patch(key, html));
    this.draw(news);
    this.seen = news.revision;
    if (news.told) this.say(news.told);
    if (news.columns) this.warn("La période du planning vient de changer\u00a0: rechargez la page pour voir ses trimestres.", { words: "Recharger", act: () => location.reload() }, "columns");
    if (!this.cells.table.querySelector('[tabindex="0"]')) this.firstStop();
    this.enable();
  }

  patch(key, html) {
    const body = this.cells.table.querySelector(`tbody[data-sheet="${key}"]`);
    if (!html && body && !body.classList.contains("is-gone")) {
      this.warn(`La fiche ${body.dataset.number} vient d’être retirée de la feuille de route\u00a0: ses cases ne s’écrivent plus.`, null, `sheet-${key}`);
    }
    const gone = this.cells.patchSheet(key, html, (place) => this.isWaiting(place));
    gone.forEach((title) => this.warn(`L’objectif «\u00a0${title}\u00a0» vient d’être retiré.`, null, title));
  }
}

const start = (part) => {
  part.querySelectorAll(".grid-editor:not([data-started])").forEach((root) => {
    root.dataset.started = "yes";
    root.grid = new Grid(root);
  });
};
start(document);
document.addEventListener("htmx:load", ({ detail }) => start(detail.elt));
// A gesture made elsewhere on this page: its rows are asked at once.
document.addEventListener("sheet-changed", () => {
  document.querySelectorAll(".grid-editor[data-started]").forEach(({ grid }) => {
    // The figures came with that gesture: what the grid drew last is no longer what is there.
    grid.figures = "";
    grid.ask(true);
  });
});
