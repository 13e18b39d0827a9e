// What is to happen later, each thing by a name: to plan it again is to plan it anew.

const UNSEEN = 100; // milliseconds after which a page that is not seen, and so not painted, counts as painted

export class Timers {
  constructor() {
    this.planned = new Map(); // by name
  }

  has(name) {
    return this.planned.has(name);
  }

  later(name, what, ms) {
    this.never(name);
    const run = () => {
      this.planned.delete(name);
      what();
    };
    this.planned.set(name, setTimeout(run, ms));
  }

  /** Once the frame that was just painted is on the screen. */
  afterPaint(name, what) {
    this.later(name, what, UNSEEN);
    const planned = this.planned.get(name);
    const run = () => {
      if (this.planned.get(name) !== planned) return;
      this.never(name);
      what();
    };
    requestAnimationFrame(() => setTimeout(run));
  }

  never(name) {
    clearTimeout(this.planned.get(name));
    this.planned.delete(name);
  }

  stop() {
    for (const name of [...this.planned.keys()]) this.never(name);
  }
}
