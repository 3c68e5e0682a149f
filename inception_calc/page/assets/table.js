// The table: by row, layer, stage or kind; sorted, filtered, copied. Large ones are shown in parts.

const PART = 200;
const LEVELS = ["row", "layer", "stage", "kind"];

class Table {
  constructor(app) {
    this.app = app;
    this.by = "row";
    this.sort = null;
    this.falling = true;
    this.filter = "";
    this.shown = PART;
  }

  get network() {
    return this.app.network;
  }

  // The lines: a name, what is searched, its layers.
  lines() {
    const net = this.network, { layers } = net;
    if (this.by === "layer") return layers.name.map((text, index) => ({ name: text, type: net.word(layers.op[index]), layer: index,
      row: layers.row[index], layers: [index], output: index, patch: net.patch(index) }));
    if (this.by === "stage") return net.stages.map((stage) => ({ name: stage.name, type: "stage", patch: "",
      layers: stage.rows.flatMap((row) => net.rowLayers[row]), output: last(stage.rows.map((row) => net.rows[row].result)), row: stage.rows[0] }));
    if (this.by === "kind") {
      const kinds = new Map();
      layers.op.forEach((op, index) => kinds.set(op, [...(kinds.get(op) || []), index]));
      return [...kinds].map(([op, found]) => ({ name: net.word(op), type: net.word(op), patch: "", layers: found, output: null }));
    }
    return net.rows.map((row, index) => ({ name: row.name, type: row.label, patch: row.patch, layers: net.rowLayers[index], row: index,
      output: row.result, depth: row.depth, cells: row.cells, printed: net.printed && net.printed.rows[row.name] }));
  }

  sum(line, metric) {
    const sums = this.network.prefix(metric);
    if (this.by === "row") return this.network.row(metric, line.row);
    if (line.layers.length === 1) return sums[line.layers[0] + 1] - sums[line.layers[0]];
    return line.layers.reduce((sum, layer) => sum + sums[layer + 1] - sums[layer], 0n);
  }

  columns() {
    const net = this.network, { metric } = this.app;
    const number = (key) => ({ key, heading: metricOf(key).short || metricOf(key).label, numeric: true,
      value: (line) => this.sum(line, key), total: net.total(key) });
    const columns = [{ key: "name", heading: this.by, value: (line) => line.name }];
    if (this.by === "row" || this.by === "layer") {
      columns.push({ key: "type", heading: "type", value: (line) => line.type });
      columns.push({ key: "patch", heading: "patch size/stride", value: (line) => line.patch });
    }
    if (this.by !== "kind") columns.push({ key: "output", heading: "output size", value: (line) => net.shape(line.output) });
    if (this.by === "row") columns.push({ key: "depth", heading: "depth", numeric: true, plain: true, value: (line) => BigInt(line.depth), total: BigInt(net.depth[0]) });
    const numbers = [...new Set(["params", "multiply_adds", metric])];
    columns.push(...numbers.map(number));
    columns.push({ key: "share", heading: "share of " + (metricOf(metric).short || metricOf(metric).label), numeric: true, bar: true,
      value: (line) => this.sum(line, metric), total: null });
    if (this.by === "row" && net.printed) for (const what of net.printed.columns) columns.push({ key: "printed " + what, heading: "printed " + what,
      printed: true, value: (line) => (line.printed && line.printed[what] ? line.printed[what].text : "") });
    return columns;
  }

  text(column, value, whole) {
    if (!column.numeric) return value;
    if (column.bar) return value ? percent(value, whole) : "";
    return column.plain ? String(value || "") : value ? said(value, column.key) : "";
  }

  ordered() {
    const wanted = this.filter.toLowerCase();
    const lines = this.lines().filter((line) => !wanted || [line.name, line.type, line.patch].some((text) => text.toLowerCase().includes(wanted)));
    const column = this.columns().find((one) => one.key === this.sort);
    if (!column) return lines;
    const sign = this.falling ? -1 : 1;
    const keyed = lines.map((line, place) => [column.value(line), place, line]);
    keyed.sort(([a, i], [b, j]) => (a < b ? -sign : a > b ? sign : i - j));
    return keyed.map(([, , line]) => line);
  }

  draw() {
    const columns = this.columns(), lines = this.ordered(), whole = this.network.total(this.app.metric);
    const most = lines.reduce((best, line) => { const value = this.sum(line, this.app.metric); return value > best ? value : best; }, 1n);
    byId("table-head").replaceChildren(element("tr", {}, ...columns.map((column) => this.heading(column))));
    byId("table-body").replaceChildren(...lines.slice(0, this.shown).map((line) => this.line(line, columns, whole, most)));
    byId("table-foot").replaceChildren(element("tr", {}, ...columns.map((column, place) =>
      place ? element("td", { class: column.numeric ? "number" : "" }, column.total === undefined || column.total === null ? "" : this.text(column, column.total, whole))
        : element("th", { scope: "row" }, this.network.incomplete ? "at least" : "total"))));
    this.drawWhole();
    const more = byId("table-more");
    more.hidden = lines.length <= this.shown;
    more.textContent = `Show ${Math.min(1000, lines.length - this.shown)} more of ${lines.length}`;
    byId("table-count").textContent = this.filter ? `${lines.length} of ${this.lines().length} ${this.by}s` : `${lines.length} ${this.by}s`;
  }

  // What the source prints of the whole network.
  drawWhole() {
    const { printed } = this.network, whole = printed ? printed.whole : [];
    byId("printed-whole").replaceChildren(...(printed ? [element("p", {}, "Printed numbers are the source's, at its own size; their verdicts are those of `audit`."),
      element("ul", { class: "notes" }, ...whole.map((one) => element("li", {}, name(`${one.what} ${one.text}, here ${one.computed}: ${one.verdict}${one.how ? `, ${one.how}` : ""}`))))] : []));
  }

  heading(column) {
    const sorted = this.sort === column.key ? (this.falling ? "descending" : "ascending") : null;
    const mark = sorted ? (this.falling ? " \u25be" : " \u25b4") : "";
    return element("th", { scope: "col", class: column.numeric ? "number" : "", "aria-sort": sorted },
      element("button", { type: "button", on: { click: () => this.sortBy(column) } }, column.heading + mark));
  }

  sortBy(column) {
    if (this.sort !== column.key) [this.sort, this.falling] = [column.key, Boolean(column.numeric)];
    else if (this.falling === Boolean(column.numeric)) this.falling = !this.falling;
    else this.sort = null;
    this.draw();
    const place = this.columns().findIndex((one) => one.key === column.key);
    byId("table-head").querySelectorAll("button")[place].focus();
  }

  line(line, columns, whole, most) {
    const cells = columns.map((column, place) => {
      const value = column.value(line);
      if (!place) return element("th", { scope: "row" }, this.by === "kind" ? value
        : element("button", { type: "button", class: "link", on: { click: () => this.app.choose(line) } }, name(value)));
      if (column.printed) return this.printed(line, column);
      const text = this.text(column, value, whole);
      const attributes = { class: column.numeric ? "number" : "" };
      if (column.bar) Object.assign(attributes, { class: "number bar", style: { "--share": (100 * share(value, most)).toFixed(1) + "%" } });
      if (column.numeric && !column.plain && !column.bar && value >= 1000n) attributes.title = exact(value);
      return element("td", attributes, column.numeric ? text : name(text));
    });
    return element("tr", { "data-row": line.row ?? null, "data-name": line.name }, ...cells);
  }

  printed(line, column) {
    const what = column.key.slice(8), found = line.printed && line.printed[what];
    if (!found) return element("td", {});
    const mark = { reproduced: "=", truncated: "\u2248", explained: "i", contradicted: "\u2260", unexplained: "?" }[found.verdict] || "";
    return element("td", { class: "printed " + found.verdict, title: found.verdict ? `${found.verdict}: ${found.how}` : null }, name(found.text),
      found.verdict ? element("span", { class: "verdict" }, ` ${mark} `, element("span", found.verdict === "reproduced" ? { class: "unseen" } : {}, found.verdict)) : null);
  }

  // -- copies ---------------------------------------------------------------------------------------------------------

  cells(write) {
    const columns = this.columns(), whole = this.network.total(this.app.metric);
    return [columns.map((column) => column.heading), ...this.ordered().map((line) => columns.map((column) => write(column, column.value(line), whole)))];
  }

  csv() {
    // No spreadsheet takes a name for a formula: such a one stands behind an apostrophe, as in `-f csv`.
    const field = (text) => {
      const safe = /^[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/.test(text) ? "'" + text : text;
      return /[",\n\r]/.test(safe) ? '"' + safe.replace(/"/g, '""') + '"' : safe;
    };
    const cell = (column, value, whole) => (column.bar ? String(share(value, whole)) : String(value));
    return this.cells(cell).map((line) => line.map(field).join(",")).join("\n") + "\n";
  }

  markdown() {
    const safe = (text) => text.replace(/[^\w .,()/%+=\u0080-\uffff-]/g, (character) => `&#${character.codePointAt(0)};`);
    const [head, ...lines] = this.cells((column, value, whole) => this.text(column, value, whole));
    const columns = this.columns();
    const row = (cells) => "| " + cells.map(safe).join(" | ") + " |";
    return [row(head), "|" + columns.map((column) => (column.numeric ? " ---: |" : " --- |")).join(""), ...lines.map(row)].join("\n") + "\n";
  }
}

const last = (list) => list[list.length - 1];
