// Comfort only: a wide planning opens on the current quarter, not five years before it.
(() => {
  const showCurrentQuarter = (frame) => {
    const column = frame.querySelector("thead .is-current");
    const titles = frame.querySelector("thead .grid-title");
    if (!column || !titles) return;
    const free = frame.clientWidth - titles.offsetWidth;
    const from = column.offsetLeft - titles.offsetWidth - free / 3;
    // From a whole column on: none is cut in two beside the titles.
    const starts = [...frame.querySelectorAll("thead th")].filter((one) => one !== titles).map((one) => one.offsetLeft - titles.offsetWidth - 3);
    const reached = starts.filter((start) => start <= frame.scrollWidth - frame.clientWidth);
    frame.scrollLeft = reached.find((start) => start >= from) ?? reached.at(-1) ?? 0;
  };
  document.querySelectorAll(".grid-frame").forEach(showCurrentQuarter);
})();
