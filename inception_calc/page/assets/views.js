// Vega views: each is made when it is first seen, follows the width of its place, the colours of the page and its data.

const LIGHT = { ink: "#16202a", soft: "#5a6672", paper: "#ffffff", line: "#d5dae0", accent: "#1f6fb4", alarm: "#b3261e" };
const DARK = { ink: "#e8edf2", soft: "#a9b4bf", paper: "#171c22", line: "#343d47", accent: "#6cb2f0", alarm: "#ff8a80" };
const MANY = 1500;

class Picture {
  // `least` is how narrow it may be. `feed` gives { tables, signals } from the app; `act` is called with the datum that was clicked.
  constructor(app, id, feed, act, least = () => 240) {
    Object.assign(this, { app, id, feed, act, least, place: byId(id), view: null, making: null, isVisible: false, stale: true });
    new IntersectionObserver((entries) => {
      this.isVisible = last(entries).isIntersecting;
      if (this.isVisible && this.stale) this.draw();
    }, { rootMargin: "100px" }).observe(this.place);
    new ResizeObserver(() => this.resize()).observe(this.place);
  }

  colors() {
    return this.app.isDark() ? DARK : LIGHT;
  }

  // What nobody sees waits until somebody does: an action costs what is on the screen.
  refresh() {
    this.stale = true;
    if (this.isVisible) this.draw();
  }

  draw() {
    if (this.making || this.place.closest("[hidden]")) return;
    this.stale = false;
    const { tables, signals = {}, height } = this.feed();
    if (!this.view) {
      this.making = this.make(tables, signals, height).then(() => { this.making = null; if (this.stale) this.draw(); });
      return;
    }
    for (const [table, rows] of Object.entries(tables)) this.view.data(table, rows);
    for (const [key, value] of Object.entries({ ...signals, ...this.colors() })) this.view.signal(key, value);
    if (height) this.view.height(height);
    this.view.width(this.width()).run();
  }

  async make(tables, signals, height) {
    const many = Object.values(tables).reduce((sum, rows) => sum + rows.length, 0) > MANY;
    const spec = structuredClone(this.app.pictures[this.id]), chosen = { ...signals, ...this.colors() };
    for (const one of spec.data) if (one.name in tables) one.values = tables[one.name];
    for (const one of spec.signals) if (one.name in chosen) one.value = chosen[one.name];
    delete spec.title;
    Object.assign(spec, { width: this.width(), height: height || spec.height });
    const { view } = await vegaEmbed(this.place, spec, {
      ast: true, logLevel: 1, actions: false, defaultStyle: false, renderer: many ? "canvas" : "svg", loader: { load: () => Promise.reject(new Error("none")) },
      tooltip: (handler, event, item, value) => showTip(event, value === null || value === undefined || value === "" ? null : this.tip(item.datum)),
    });
    this.view = view;
    view.addEventListener("click", (event, item) => { if (item && item.datum && this.act) { showTip(event, null); this.act(item.datum); } });
  }

  // What the pointer rests on, in lines.
  tip(datum) {
    return datum.layer === undefined ? String(datum.tip).split("\n").map((line) => ["", line]) : this.app.layerLines(datum.layer);
  }

  width() {
    return Math.max(this.least(), Math.floor(this.place.clientWidth));
  }

  resize() {
    if (this.view && this.width() !== this.view.width()) this.refresh();
  }
}
