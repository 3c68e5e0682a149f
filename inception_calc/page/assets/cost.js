// Where the cost sits: the nodes of the icicle, and what lies below the one that is looked at.

const HUES = 8;

// Nodes in the order of the file: id, level, parent, name, value, and where they begin and stop in the whole.
function costNodes(net, metric) {
  const nodes = [], sums = net.prefix(metric), whole = sums[net.count];
  const add = (level, parent, text, value, start, more) => {
    const node = { id: nodes.length, level, parent, name: text, value, from: start, said: `${said(value, metric)} (${percent(value, whole)})`,
      start: share(start, whole), stop: share(start + value, whole), tip: text, ...more };
    nodes.push(node);
    return node;
  };
  const root = add(0, -1, net.name, whole, 0n, { hue: 0 });
  let place = 0n;
  net.stages.forEach((stage, number) => {
    const hue = number % HUES, value = stage.rows.reduce((sum, row) => sum + net.row(metric, row), 0n);
    const above = add(1, root.id, stage.name, value, place, { hue });
    for (const row of stage.rows) {
      const of = add(2, above.id, net.rows[row].name, net.row(metric, row), place, { hue, row });
      for (const layer of net.rowLayers[row]) {
        const cost = sums[layer + 1] - sums[layer];
        if (cost) add(3, of.id, net.nameOf(layer), cost, place, { hue, row, layer });
        place += cost;
      }
    }
  });
  return nodes;
}

class CostView {
  constructor(app) {
    this.app = app;
    this.focus = 0;
    this.chosen = -1;
    this.picture = new Picture(app, "cost", () => this.feed(), (datum) => this.look(datum.id));
  }

  refresh() {
    this.nodes = costNodes(this.app.network, this.app.metric);
    if (this.focus >= this.nodes.length) this.focus = 0;
    this.list();
    this.picture.refresh();
  }

  // A layer is chosen, and its row is looked at; anything else is looked at itself.
  look(id) {
    const node = this.nodes[id];
    this.focus = node.layer === undefined ? id : node.parent;
    this.chosen = node.layer === undefined ? -1 : node.layer;
    if (node.layer !== undefined) this.app.detail(node.layer);
    this.list();
    this.picture.refresh();
  }

  feed() {
    const node = this.nodes[this.focus], metric = metricOf(this.app.metric).label;
    const shown = this.nodes.filter((one) => one.stop > one.start).map((one) => this.datum(one));
    return { tables: { nodes: shown }, signals: { low: node.start, high: node.stop > node.start ? node.stop : node.start + 1e-9,
      focus: Math.max(1, node.level), title: "" }, height: window.innerWidth < 600 ? 420 : 560, metric };
  }

  datum({ id, level, name: text, said: number, start, stop, hue, layer }) {
    const chosen = layer !== undefined && layer === this.chosen;
    return { id, level, name: shown(text), said: number, start, stop, hue, layer, chosen, tip: `${text}\n${number}` };
  }

  // The same without a pointer: where one is, and what is below, the largest first.
  list() {
    const path = [];
    for (let at = this.focus; at >= 0; at = this.nodes[at].parent) path.unshift(this.nodes[at]);
    byId("cost-path").replaceChildren(...path.map((node, place) => element("li", {}, place === path.length - 1
      ? element("span", { "aria-current": "location", tabindex: -1 }, name(node.name))
      : element("button", { type: "button", class: "link", on: { click: () => this.look(node.id) } }, name(node.name)))));
    const here = this.nodes[this.focus];
    const below = this.nodes.filter((node) => node.parent === this.focus && node.value).sort((a, b) => (a.value < b.value ? 1 : a.value > b.value ? -1 : a.id - b.id));
    const most = below.length ? below[0].value : 1n;
    const items = below.slice(0, 40).map((node) => element("li", {}, element("button", { type: "button", class: "bar",
      on: { click: () => this.look(node.id) }, "aria-pressed": node.layer === undefined ? null : node.layer === this.chosen, style: { "--share": (100 * share(node.value, most)).toFixed(1) + "%" } }, name(node.name), element("span", { class: "number" }, node.said))));
    if (below.length > 40) items.push(element("li", {}, `and ${below.length - 40} more, each smaller`));
    byId("cost-below").replaceChildren(...items);
    byId("cost-here").textContent = `${here.said} of ${metricOf(this.app.metric).label}` + (below.length ? "" : here.layer === undefined ? ", nothing below" : "");
  }
}
