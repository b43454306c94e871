// The cells of a quarter grid: where they are, what they say, how they take what others wrote.
export const WORDS = { "": "vide", prevu: "prévu", fait: "fait", decale: "décalé" };
const CYCLE = ["", "prevu", "fait", "decale"];
const COPIED = ["class", "data-v", "aria-label", "aria-describedby", "aria-readonly"];

export const after = (value) => CYCLE[(CYCLE.indexOf(value) + 1) % CYCLE.length];
export const quarterWords = (q) => `T${(q % 4) + 1}\u00a0${Math.floor(q / 4)}`;
export const counted = (number, word) => `${number}\u00a0${word}${number > 1 ? "s" : ""}`;

const parsed = (html) => {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content.firstElementChild;
};

const copyAttributes = (from, to, names) => {
  names.forEach((name) => {
    if (from.hasAttribute(name)) to.setAttribute(name, from.getAttribute(name));
    else to.removeAttribute(name);
  });
};

export class Cells {
  constructor(table) {
    this.table = table;
    this.prepare(table);
  }

  // Links are reached by the arrows, like cells: the Tab key enters the grid once.
  prepare(part) {
    part.querySelectorAll("tbody a").forEach((link) => (link.tabIndex = -1));
  }

  row(o) { return this.table.querySelector(`tr[data-objective="${o}"]`); }
  at(o, q) { return this.row(o)?.querySelector(`td[data-q="${q}"]`) ?? null; }
  place(cell) { return { o: Number(cell.parentElement.dataset.objective), q: Number(cell.dataset.q) }; }
  sheetOf(element) { return element.closest("tbody"); }
  of(row) { return [...row.querySelectorAll("td[data-q]")]; }
  column(cell) { return this.of(cell.parentElement).indexOf(cell); }
  isOpen(cell) { return !cell.hasAttribute("aria-readonly") && !this.sheetOf(cell).hasAttribute("data-shut"); }
  title(row) { return row.querySelector("th > span, th a")?.textContent.trim() ?? ""; }

  // Every line one can stand on: titles of sheets, rows of objectives.
  lines() { return [...this.table.querySelectorAll("tbody > tr")]; }
  stops(line) {
    if (line.matches(".grid-sheet")) return [line.querySelector("a") ?? line.querySelector("th")];
    return [line.querySelector("a.row-edit"), ...this.of(line)].filter(Boolean);
  }

  rectangle(first, last) {
    const rows = this.lines().filter((line) => line.dataset.objective);
    const [top, bottom] = [first, last].map((cell) => rows.indexOf(cell.parentElement)).sort((a, b) => a - b);
    const [left, right] = [first, last].map((cell) => this.column(cell)).sort((a, b) => a - b);
    return rows.slice(top, bottom + 1).flatMap((row) => this.of(row).slice(left, right + 1));
  }

  value(cell) { return cell.dataset.v; }

  paint(cell, value) {
    cell.classList.remove(...CYCLE.filter(Boolean).map((state) => `is-${state}`));
    if (value) cell.classList.add(`is-${value}`);
    cell.dataset.v = value;
    cell.removeAttribute("data-conflict");
    const over = cell.querySelector(".over");
    cell.replaceChildren();
    if (value) cell.append(Object.assign(document.createElement("span"), { textContent: WORDS[value] }));
    if (over) cell.append(over);
    this.name(cell);
  }

  name(cell) {
    const waits = cell.hasAttribute("data-pending") ? ", à envoyer" : "";
    const clash = cell.hasAttribute("data-conflict") ? ", changé par quelqu’un d’autre" : "";
    cell.setAttribute("aria-label", `${quarterWords(Number(cell.dataset.q))}, ${WORDS[cell.dataset.v]}${waits}${clash}`);
  }

  mark(cell, name, isMarked) {
    cell.toggleAttribute(name, isMarked);
    this.name(cell);
  }

  // A row as the server draws it; cells that wait to be sent keep what was chosen here.
  patchRow(html, isWaiting) {
    const fresh = parsed(html);
    const row = this.row(fresh.dataset.objective);
    if (!row) return;
    this.merge(row, fresh, isWaiting);
  }

  merge(row, fresh, isWaiting) {
    const isChosen = row.classList.contains("is-chosen");
    row.className = fresh.className;
    row.classList.toggle("is-chosen", isChosen);
    this.prepare({ querySelectorAll: () => fresh.querySelectorAll("a") });
    const [title, freshTitle] = [row.querySelector("th"), fresh.querySelector("th")];
    if (title.innerHTML !== freshTitle.innerHTML) {
      const hadFocus = title.contains(document.activeElement);
      title.replaceChildren(...freshTitle.childNodes);
      if (hadFocus) title.querySelector("a")?.focus();
    }
    const [state, freshState] = [row.querySelector("td.grid-state"), fresh.querySelector("td.grid-state")];
    state.className = freshState.className;
    if (state.textContent !== freshState.textContent) state.textContent = freshState.textContent;
    fresh.querySelectorAll("td[data-q]").forEach((drawn) => {
      const cell = row.querySelector(`td[data-q="${drawn.dataset.q}"]`);
      if (!cell || isWaiting(this.place(cell))) return;
      const clashes = cell.hasAttribute("data-conflict") && cell.dataset.v === drawn.dataset.v;
      const { activeElement } = document;
      const keepsFocusLook = cell.classList.contains("is-focus") && activeElement === cell;
      copyAttributes(drawn, cell, COPIED);
      cell.removeAttribute("data-pending");
      cell.toggleAttribute("data-conflict", clashes);
      cell.classList.toggle("is-focus", keepsFocusLook);
      if (cell.innerHTML !== drawn.innerHTML) cell.replaceChildren(...drawn.childNodes);
      if (clashes) this.name(cell);
    });
  }

  // A sheet as the server draws it; gives the titles of the rows that are gone.
  patchSheet(key, html, isWaiting) {
    const body = this.table.querySelector(`tbody[data-sheet="${key}"]`);
    if (!html) {
      if (body) this.close(body);
      return [];
    }
    const fresh = parsed(html);
    if (!body) {
      this.prepare({ querySelectorAll: () => fresh.querySelectorAll("a") });
      this.insert(fresh);
      return [];
    }
    return this.mergeSheet(body, fresh, isWaiting);
  }

  mergeSheet(body, fresh, isWaiting) {
    body.dataset.number = fresh.dataset.number;
    body.toggleAttribute("data-shut", fresh.hasAttribute("data-shut"));
    body.classList.remove("is-gone");
    const rows = [...fresh.querySelectorAll("tr[data-objective]")];
    const kept = new Set(rows.map((row) => row.dataset.objective));
    const gone = [...body.querySelectorAll("tr[data-objective]")].filter((row) => !kept.has(row.dataset.objective));
    const titles = gone.map((row) => this.title(row));
    gone.forEach((row) => row.remove());
    const order = rows.map((row) => {
      const mine = body.querySelector(`tr[data-objective="${row.dataset.objective}"]`);
      if (mine) this.merge(mine, row, isWaiting);
      else this.prepare({ querySelectorAll: () => row.querySelectorAll("a") });
      return mine ?? row;
    });
    const present = [...body.querySelectorAll("tr[data-objective]")];
    if (order.some((row, rank) => row !== present[rank])) {
      const focused = document.activeElement;
      body.append(...order);
      if (body.contains(focused)) focused.focus();
    }
    const [line, freshLine] = [body.querySelector(".grid-sheet"), fresh.querySelector(".grid-sheet")];
    if (line && freshLine && line.textContent !== freshLine.textContent) {
      this.prepare({ querySelectorAll: () => freshLine.querySelectorAll("a") });
      line.replaceWith(freshLine);
    }
    return titles;
  }

  insert(body) {
    const later = [...this.table.tBodies].find((other) => Number(other.dataset.number) > Number(body.dataset.number));
    this.table.insertBefore(body, later ?? null);
  }

  close(body) {
    body.toggleAttribute("data-shut", true);
    body.classList.add("is-gone");
    body.querySelectorAll("td[data-q]").forEach((cell) => cell.setAttribute("aria-readonly", "true"));
  }
}
