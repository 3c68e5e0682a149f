// What follows the order of execution: memory, and what a unit sees. And the roofline.

// The runs of layers of one row, for the axis below.
function rowRuns(net, stop) {
  const runs = [], { row } = net.layers;
  for (let layer = 0; layer < stop; layer++) {
    if (!layer || row[layer] !== row[layer - 1]) runs.push({ start: layer, stop: layer, name: net.rows[row[layer]] ? shown(net.rows[row[layer]].name) : "" });
    runs[runs.length - 1].stop = layer + 1;
  }
  return runs;
}

const MOST_ALIVE = 6;

// Tensors stacked in the order of writing; a piece is as long as nothing below it dies.
function memoryTables(net, width) {
  const live = net.live, { peak } = net, narrow = width / Math.max(1, net.stop);
  const pieces = [], alive = [];
  const byStart = new Map();
  net.tensors.forEach((tensor, place) => byStart.set(tensor[2], [...(byStart.get(tensor[2]) || []), { tensor, place, bytes: net.form(tensor[1]) }]));
  const close = (one, stop) => {
    if (one.start === stop || (one.tensor[3] + 1 - one.tensor[2]) * narrow < 1) return;
    const [layer] = one.tensor;
    pieces.push({ start: one.start, stop, low: Number(one.low), high: Number(one.low + one.bytes), hue: one.place % HUES,
      row: layer < 0 ? -1 : net.layers.row[layer], tip: `${net.nameOf(layer)}\n${bytesSaid(one.bytes)}\nalive from ${net.nameOf(one.tensor[2])} to ${net.nameOf(one.tensor[3])}` });
  };
  for (let layer = 0; layer <= net.stop; layer++) {
    let changed = byStart.has(layer);
    for (let place = alive.length - 1; place >= 0; place--) if (alive[place].tensor[3] < layer) { close(alive.splice(place, 1)[0], layer); changed = true; }
    if (!changed) continue;
    for (const one of byStart.get(layer) || []) alive.push({ ...one, start: layer, low: -1n });
    let low = 0n;
    for (const one of alive) {
      if (one.low !== low) { if (one.low >= 0n) close(one, layer); one.start = layer; one.low = low; }
      low += one.bytes;
    }
  }
  const held = peak.alive.map(([written, bytes]) => [net.nameOf(written), net.form(bytes)]).sort((a, b) => (a[1] < b[1] ? 1 : -1));
  const lines = [`peak ${bytesSaid(peak.bytes)} at ${shown(net.nameOf(peak.layer))}`, ...held.slice(0, MOST_ALIVE).map(([text, bytes]) => `${shown(text)} ${bytesSaid(bytes)}`)];
  if (held.length > MOST_ALIVE) lines.push(`and ${held.length - MOST_ALIVE} more`);
  return { pieces, rows: rowRuns(net, net.stop), peak: [{ start: peak.layer, stop: peak.layer + 1, bytes: Number(peak.bytes), lines }],
    live: [...live, live[live.length - 1] || 0n].map((bytes, at) => ({ at, bytes: Number(bytes) })) };
}

// Of layers that share a few pixels, the one that sees most.
function fieldTables(net, width) {
  const fields = [], every = Math.max(1, Math.ceil((2 * net.stop) / width));
  for (let layer = 0; layer < net.stop; layer++) {
    const found = net.field(layer);
    if (!found || !found[0].length) continue;
    const sizes = found[0].map(Number), size = Math.max(...sizes), stride = found[1] ? Math.max(...found[1]) : null, before = last(fields);
    const field = { at: layer, size, stride, row: net.layers.row[layer], tip: `${net.nameOf(layer)}\nsees ${sizes.join("x")}\n${found[1] ? `stride ${found[1].join("x")}` : "no one stride"}` };
    if (!before || Math.floor(before.at / every) !== Math.floor(layer / every)) fields.push(field);
    else if (size > before.size) fields[fields.length - 1] = field;
  }
  const sides = net.sides.map((side) => Number(net.form(side)));
  const ends = [["size", "receptive field"], ["stride", "stride"]].flatMap(([key, text]) => {
    const end = last(fields.filter((one) => one[key] > 0));
    return end ? [{ at: end.at + 1, value: end[key], said: `${text} ${end[key]}` }] : [];
  });
  return { fields, rows: rowRuns(net, net.stop), image: sides.length ? [{ size: Math.max(...sides), said: `the input: ${Math.max(...sides)}` }] : [], ends };
}

// The drawing with the shares of a metric, around the middle of its place.
function networkTables(net, metric, width) {
  const sums = net.prefix(metric), whole = sums[net.count], { drawing } = net, middle = Math.max(drawing.width, width) / 2;
  const sumOf = (runs) => runs.reduce((sum, [first, end]) => sum + sums[end + 1] - sums[first], 0n);
  const values = drawing.boxes.map((box) => sumOf(box[6]));
  const most = values.reduce((best, value) => (value > best ? value : best), 1n);
  const entry = ([x, y, w, h, text, kind, runs], value) => ({ x: x + middle, y, width: w, height: h, name: text, kind, said: value ? percent(value, whole) : "",
    heat: share(value, most), layer: runs.length === 1 && runs[0][0] === runs[0][1] ? runs[0][0] : undefined, row: net.layers.row[runs[0][0]],
    tip: `${text}\n${kind}\n${said(value, metric)} (${percent(value, whole)})` });
  return { boxes: drawing.boxes.map((box, place) => entry(box, values[place])), frames: drawing.frames.map((frame) => entry(frame, sumOf(frame[6]))),
    paths: drawing.paths.map((path) => ({ path, x: middle })) };
}

const MOST_KINDS = 7;

function roofTables(net, roof) {
  const kinds = new Map(), same = new Map(), dots = [];
  const whole = net.total("flops");
  for (let layer = 0; layer < net.count; layer++) {
    const flops = net.of("flops", layer), bytes = net.of("traffic_bytes", layer);
    if (!flops || !bytes) continue;
    const kind = net.word(net.layers.op[layer]), x = Number(flops) / Number(bytes);
    kinds.set(kind, (kinds.get(kind) || 0n) + flops);
    const alike = same.get(`${kind} ${flops} ${bytes}`);
    if (alike) { alike.share += share(flops, whole); alike.more++; continue; }
    const reach = roof ? Math.min(roof.peak, roof.bandwidth * x) : 0;
    dots.push({ x, y: roof ? reach : Number(flops), share: share(flops, whole), more: 0, kind, row: net.layers.row[layer],
      tip: `${net.nameOf(layer)}\n${x.toPrecision(3)} flops per byte\n${short(flops)} flops (${percent(flops, whole)})` + (roof ? `\n${reach < roof.peak ? "memory" : "compute"} bound, ${short(BigInt(Math.round(reach)))} flops/s at most` : "") });
    same.set(`${kind} ${flops} ${bytes}`, last(dots));
  }
  for (const dot of dots) if (dot.more) dot.tip += `\nand ${dot.more} more layers like it`;
  const kept = [...kinds].sort((a, b) => (a[1] < b[1] ? 1 : -1)).slice(0, MOST_KINDS).map(([kind]) => kind);
  for (const dot of dots) if (!kept.includes(dot.kind)) dot.kind = "others";
  if (!roof || !dots.length) return { dots, roof: [], ridge: [] };
  const ridge = roof.peak / roof.bandwidth, low = Math.min(ridge, ...dots.map((dot) => dot.x)) / 2, high = Math.max(ridge, ...dots.map((dot) => dot.x)) * 2;
  return { dots, roof: [low, ridge, high].map((x) => ({ x, y: Math.min(roof.peak, roof.bandwidth * x) })),
    ridge: [{ x: ridge, y: roof.peak, said: `${ridge.toPrecision(3)} flops per byte` }] };
}

// `1.5T` as a number; null for no such text.
function amount(text) {
  const found = /^\s*(\d+(?:\.\d+)?)\s*([kKMGTP]?)/.exec(text);
  return found ? Number(found[1]) * { "": 1, k: 1e3, K: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15 }[found[2]] : null;
}

class Flow {
  constructor(app, roof) {
    this.app = app;
    this.roof = roof;
    const find = (datum) => app.find(datum.row);
    this.drawing = new Picture(app, "network", () => ({ tables: networkTables(app.network, app.metric, this.drawing.width()), height: app.network.drawing.height }), find,
      () => app.network.drawing.width);
    this.memory = new Picture(app, "memory", () => ({ tables: memoryTables(app.network, this.memory.width() - 100), signals: { up: "live bytes" }, height: 400 }), find);
    this.field = new Picture(app, "receptive-field", () => ({ tables: fieldTables(app.network, this.field.width()), signals: { up: "elements of the input", steps: Math.max(1, app.network.stop) }, height: 380 }), find);
    this.roofline = new Picture(app, "roofline", () => ({ tables: roofTables(app.network, this.roof), signals: { across: "flops per byte (bytes moved: inputs, output, params)", up: this.roof ? "flops/s that the roof leaves" : "flops" }, height: 440 }), find);
    for (const id of ["roof-peak", "roof-bandwidth"]) byId(id).addEventListener("change", () => this.setRoof());
    if (roof) [byId("roof-peak").value, byId("roof-bandwidth").value] = [short(BigInt(Math.round(roof.peak))), short(BigInt(Math.round(roof.bandwidth)))];
    byId("roof-said").textContent = roof ? roof.said : "";
  }

  setRoof() {
    const [peak, bandwidth] = [amount(byId("roof-peak").value), amount(byId("roof-bandwidth").value)];
    this.roof = peak && bandwidth ? { peak, bandwidth } : null;
    byId("roof-said").textContent = this.roof ? "" : "A roof has flops per second and bytes per second, such as 1.5T and 100G.";
    this.roofline.refresh();
  }

  refresh() {
    const net = this.app.network, bytes = net.has_bytes;
    this.drawing.refresh();
    byId("network-said").textContent = "Top to bottom; what repeats is drawn once, and its share is that of all repeats. A click finds the row in the table." +
      (net.drawing.left_out ? ` ${net.drawing.left_out} more layers are not drawn.` : "");
    const { peak } = net;
    byId("memory-section").hidden = byId("roofline-section").hidden = !bytes;
    byId("field-section").hidden = !net.layers.field.some((field) => field);
    if (bytes) {
      const alive = peak.alive.map(([written, size]) => `${shown(net.nameOf(written))} (${bytesSaid(net.form(size))})`);
      byId("memory-said").textContent = `Peak ${bytesSaid(peak.bytes)} at ${net.nameOf(peak.layer)}; alive then: ${alive.slice(0, 12).join(", ")}${alive.length > 12 ? ` and ${alive.length - 12} more` : ""}.`;
      this.memory.refresh();
      this.roofline.refresh();
    }
    if (!byId("field-section").hidden) this.field.refresh();
  }

  views() {
    return [this.drawing, this.memory, this.field, this.roofline];
  }
}
