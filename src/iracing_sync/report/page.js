// Puts the page together: what is shown, what each control does, and the keys.

const DRAW = { grid: () => {}, week: drawWeek, mine: drawMine, buy: drawBuy, changes: () => {} };

// After a change of the state: keep it, and show what it means.
function changed({ isFilter = false, isPick = false, showControls = false, focus = null }) {
  keepState();
  if (showControls) showControlsAsState();
  if (isFilter) applyFilters();
  else if (!isPick) drawGrid();
  showCounts();
  DRAW[state.view]();
  if (focus) byId("grid").querySelector(focus)?.focus();
}

function showCounts() {
  byId("picked").textContent = state.picks.size ? ` (${pickedRounds().length})` : "";
}

function showView(view) {
  state.view = view;
  document.body.dataset.view = view;
  for (const one of VIEWS) {
    byId(`view-${one}`).hidden = one !== view;
    const tab = document.querySelector(`nav [data-view="${one}"]`);
    if (one === view) tab.setAttribute("aria-current", "page");
    else tab.removeAttribute("aria-current");
  }
  DRAW[view]();
}

function showControlsAsState() {
  for (const name of CHOICES) byId(name).value = state[name];
  for (const name of SWITCHES) byId(name).checked = state[name];
  document.querySelectorAll('[name="category"]').forEach((box) => (box.checked = state.categories.has(box.value)));
}

function listen() {
  for (const name of CHOICES) {
    byId(name).addEventListener("input", () => {
      state[name] = byId(name).value;
      changed({ isFilter: true });
    });
  }
  for (const name of SWITCHES) {
    byId(name).addEventListener("change", () => {
      state[name] = byId(name).checked;
      changed({});
    });
  }
  document.querySelectorAll('[name="category"]').forEach((box) =>
    box.addEventListener("change", () => {
      toggle(state.categories, box.value);
      changed({ isFilter: true });
    }),
  );
  document.querySelectorAll("nav [data-view]").forEach((tab) =>
    tab.addEventListener("click", () => {
      showView(tab.dataset.view);
      keepState();
    }),
  );
  byId("reset").addEventListener("click", () => {
    Object.keys(FILTERS).forEach(loosen);
    changed({ isFilter: true, showControls: true });
  });
  byId("grid").addEventListener("keydown", moveInGrid);
  byId("grid").addEventListener("focusin", (event) => event.target.matches(".go") && giveTabStop(event.target));
  byId("take-ics").addEventListener("click", takeIcs);
  byId("save").addEventListener("click", saveFile);
  byId("load").addEventListener("change", loadFile);
  byId("transfer-form").addEventListener("submit", takeLink);
  byId("print").addEventListener("click", () => window.print());
  byId("round-close").addEventListener("click", () => byId("round").close());
  byId("round").addEventListener("click", (event) => event.target === byId("round") && byId("round").close());
  document.addEventListener("keydown", searchByKey);
  window.addEventListener("hashchange", () => {
    takeOver(stateOfText(location.hash));
    showEverything();
  });
}

// "/" goes to the search from wherever nothing is being written.
function searchByKey(event) {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.matches("input:not([type=checkbox]), textarea, select") || byId("round").open) return;
  event.preventDefault();
  if (state.view !== "grid") showView("grid");
  byId("search").focus();
  byId("search").select();
}

function drawChanges() {
  const now = present();
  byId("age").textContent = PAGE.readAt === null ? "no good run is known" : `read ${ago(PAGE.readAt, now)}, ${momentHere(PAGE.readAt)}`;
  const parts = PAGE.changes.map((moment) =>
    make(
      "section",
      {},
      make("h3", {}, momentHere(moment.at)),
      ...moment.seasons.map((season) =>
        make("div", {}, make("h4", {}, make("bdi", {}, season.name)), make("ul", {}, ...season.changes.map((one) => make("li", { class: one.severity }, `${one.said} [${one.severity}]`)))),
      ),
      moment.new.length
        ? make("details", {}, make("summary", {}, howMany(moment.new.length, "new season")), make("ul", {}, ...moment.new.map((one) => make("li", {}, one.said))))
        : null,
    ),
  );
  replaceChildren(byId("changes-list"), parts);
  byId("changes-none").hidden = parts.length > 0;
}

function showEverything() {
  showControlsAsState();
  drawGrid();
  showCounts();
  showView(state.view);
}

// Where the week that runs is to the right of what can be seen, go there.
function scrollToNow() {
  const week = byId("grid").querySelector("thead th.now")?.getBoundingClientRect();
  const box = byId("scroll");
  if (week && week.right > box.getBoundingClientRect().right) {
    box.scrollLeft += week.left - byId("grid").querySelector(".corner").getBoundingClientRect().right;
  }
}

recallState();
byId("more").open = !matchMedia("(max-width: 40rem)").matches;
const transferred = takeTransfer(location.search);
listen();
drawChanges();
showEverything();
scrollToNow();
if (transferred) {
  say(transferred);
  keepState();
}
