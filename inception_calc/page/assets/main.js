// The page: one state, and everything that follows it.

const idly = (action) => (window.requestIdleCallback ? requestIdleCallback(action) : setTimeout(action, 200));

class App {
  constructor(data) {
    this.data = data;
    this.pictures = data.pictures;
    this.metrics = METRICS;
    this.networks = data.networks.map((entry, index) => new Network(entry, index));
    this.network = this.networks[0];
    this.metric = "multiply_adds";
    this.table = new Table(this);
    this.cost = new CostView(this);
    this.sliders = new Sliders(this);
    this.flow = new Flow(this, data.roof);
    this.compare = this.networks.length > 1 ? new Compare(this, data.differences) : null;
    this.controls();
    byId("sections").replaceChildren(...Array.from(document.querySelectorAll("main > section:not([hidden])"), (section) =>
      element("a", { href: "#" + section.id }, section.querySelector("h2").textContent)));
    this.refresh();
    idly(() => this.prepare());
  }

  isDark() {
    if (this.printing) return false;
    const chosen = document.documentElement.dataset.theme;
    return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  }

  refresh() {
    drawHead(this);
    this.cost.refresh();
    if (this.sliders.symbols.size) this.sliders.refresh();
    this.flow.refresh();
    if (this.compare) this.compare.refresh();
    this.table.draw();
  }

  controls() {
    const metric = byId("metric");
    const known = Object.entries(METRICS).filter(([, { bytes }]) => !bytes || this.networks.every((net) => net.has_bytes));
    metric.replaceChildren(...known.map(([key, { label }]) => element("option", { value: key }, label)));
    metric.addEventListener("change", () => { this.metric = metric.value; this.refresh(); });
    const by = byId("table-by");
    by.addEventListener("change", () => { this.table.by = by.value; this.table.shown = PART; this.table.draw(); });
    byId("table-filter").addEventListener("input", (event) => { this.table.filter = event.target.value; this.table.draw(); });
    byId("table-more").addEventListener("click", () => { this.table.shown += 1000; this.table.draw(); });
    byId("copy-csv").addEventListener("click", (event) => copy(this.table.csv(), event.target));
    byId("copy-markdown").addEventListener("click", (event) => copy(this.table.markdown(), event.target));
    const theme = byId("theme");
    theme.addEventListener("change", () => {
      if (theme.value === "auto") delete document.documentElement.dataset.theme; else document.documentElement.dataset.theme = theme.value;
      this.recolor();
    });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.recolor());
    window.addEventListener("beforeprint", () => { this.printing = true; this.views().forEach((picture) => picture.draw()); });
    window.addEventListener("afterprint", () => { this.printing = false; this.recolor(); });
    document.addEventListener("keydown", (event) => { if (event.key === "Escape") showTip(event, null); });
    if (this.networks.length > 1) {
      byId("network-label").hidden = false;
      const select = byId("network-choice");
      select.replaceChildren(...this.networks.map((net) => element("option", { value: net.index }, net.title)));
      select.addEventListener("change", () => this.show(this.networks[select.value]));
    }
  }

  // The network that all sections but the comparison are about.
  show(net) {
    if (net === this.network) return;
    byId("network-choice").value = net.index;
    this.network = net;
    this.cost.focus = 0;
    this.cost.chosen = -1;
    this.refresh();
  }

  // Pictures that nobody has seen yet, one after the other while nothing else happens: paper shows all of them.
  prepare() {
    const waiting = this.views().find((picture) => !picture.view && !picture.making && !picture.place.closest("[hidden]"));
    if (!waiting) return;
    waiting.draw();
    idly(() => this.prepare());
  }

  recolor() {
    for (const picture of this.views()) picture.refresh();
  }

  views() {
    return [this.cost.picture, this.sliders.curve, ...this.flow.views(), ...(this.compare ? [this.compare.picture] : [])];
  }

  // A line of the table was chosen: its layers are shown in detail, and where they sit.
  choose(line) {
    if (line.layers.length === 1) this.detail(line.layers[0]);
    const node = this.cost.nodes.find((one) => (line.layer === undefined ? one.level === 2 && one.row === line.row : one.layer === line.layer));
    if (node) this.cost.look(node.id);
    byId("cost-section").scrollIntoView();
    byId("cost-path").querySelector("[aria-current]").focus();
  }

  // The line of a row in the table.
  find(row) {
    if (row === undefined || row < 0) return;
    this.table.by = byId("table-by").value = "row";
    this.table.filter = byId("table-filter").value = "";
    this.table.shown = Math.max(this.table.shown, row + 1);
    this.table.sort = null;
    this.table.draw();
    const line = byId("table-body").querySelector(`tr[data-row="${row}"]`);
    line.classList.add("found");
    line.scrollIntoView({ block: "center" });
    line.querySelector("button").focus({ preventScroll: true });
  }

  layerLines(layer) {
    const net = this.network, { layers } = net;
    const lines = [["", net.nameOf(layer)], ["", `${net.word(layers.op[layer])} ${net.patch(layer)}`.trim()],
      ["input", layers.inputs[layer].map((index) => net.shape(index)).join(", ")], ["output", net.shape(layer)]];
    for (const metric of ["params", "multiply_adds", "element_ops"]) if (net.of(metric, layer)) lines.push([metricOf(metric).label, exact(net.of(metric, layer))]);
    for (const [quantity, , put] of net.formulas(layer)) if (quantity === "multiply_adds" || quantity === "weights") lines.push([quantity.replace("_", "-") + " =", put]);
    return lines;
  }

  detail(layer) {
    const net = this.network, lines = this.layerLines(layer).slice(0, 4);
    for (const metric of Object.keys(METRICS)) {
      if (metricOf(metric).bytes && !net.has_bytes) continue;
      const value = net.of(metric, layer);
      if (value) lines.push([metricOf(metric).label, exact(value)]);
    }
    for (const [quantity, formula, put] of net.formulas(layer)) lines.push([quantity.replace("_", "-"), `${formula} = ${put}`]);
    const field = net.field(layer);
    if (field) lines.push(["receptive field", field[0].join("x")]);
    byId("detail").replaceChildren(element("h3", {}, name(lines[0][1])), element("dl", {}, ...lines.slice(1).flatMap(([label, value]) =>
      [element("dt", {}, label || "operator"), element("dd", {}, name(value))])));
  }
}

const app = new App(JSON.parse(byId("data").textContent));
window.inceptionCalc = app;
