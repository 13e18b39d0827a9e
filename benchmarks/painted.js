// Put into every page of the benchmark before its own scripts: when was a change on the screen?
//
// Painted means: the condition held, an animation frame began after that, and a task ran after the frame's own work.
// The clock starts at the timestamp of the click or key itself. The same for the floor, the board and the charts.

window.bench = (() => {
  const roots = [document];
  const attach = Element.prototype.attachShadow;
  Element.prototype.attachShadow = function (how) {
    const root = attach.call(this, how);
    roots.push(root);
    return root;
  };

  const find = (selector) => {
    for (const root of roots) {
      const found = root.querySelector(selector);
      if (found) return found;
    }
    return null;
  };
  const all = (selector) => [...document.querySelectorAll(selector)];
  const packed = (text) => text.replace(/\s+/g, " ").trim();
  const board = () => find("canvas[data-testid=board]");

  const holds = {
    text: (text) => all("[data-testid=stText]").some((node) => node.textContent.trim() === text),
    board: ({ step, phase }) => board()?.dataset.step === String(step) && board().dataset.phase === String(phase),
    words: ({ where, equations, code }) => {
      if (find(".st-key-words[data-stale]") || !find("[data-testid=where_now]")?.textContent.includes(where))
        return false;
      const texts = (selector) =>
        all(selector)
          .filter((node) => node.parentElement.checkVisibility())
          .map((node) => packed(node.textContent));
      const [tex, codes] = [texts(".st-key-lessons annotation"), texts(".st-key-lessons .source")];
      return equations.every((equation) => tex.includes(packed(equation))) && codes.includes(packed(code));
    },
    charts: (text) => {
      const charts = all(".js-plotly-plot");
      const done = (chart) =>
        chart.querySelector(".gtitle")?.textContent.endsWith(text) && chart.querySelector(".hm image");
      return charts.length === 6 && charts.every(done);
    },
  };

  const produced = () =>
    new Promise((done) => {
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => done(performance.now());
        port2.postMessage(0);
      });
    });

  /** Times from the next click or key to each of the conditions [[kind, what]], in milliseconds, as `bench.result`. */
  function arm(conditions) {
    let pressed;
    for (const kind of ["click", "keydown"]) {
      window.addEventListener(kind, (event) => (pressed ??= event.timeStamp), { capture: true, once: true });
    }
    const times = conditions.map(
      ([kind, what]) =>
        new Promise((done, fail) => {
          let asked = false;
          const nextFrame = () => {
            if (asked) return;
            asked = true;
            requestAnimationFrame(() => {
              asked = false;
              check();
            });
          };
          // Looking through the words takes a while: not in the task of which others measure the time.
          const observer = new MutationObserver(kind === "words" ? nextFrame : check);
          const late = setTimeout(() => fail(new Error(`${kind} ${JSON.stringify(what)} was not painted`)), 30000);
          function check() {
            if (pressed === undefined || !holds[kind](what)) return;
            observer.disconnect();
            clearTimeout(late);
            produced().then((now) => done(now - pressed));
          }
          const everything = { subtree: true, childList: true, characterData: true, attributes: true };
          if (kind === "board") observer.observe(board(), { attributes: true });
          else observer.observe(document, everything);
          if (kind === "words") observer.observe(board().getRootNode(), everything);
        }),
    );
    window.bench.result = Promise.all(times);
  }

  /** Milliseconds from the start of the page's loading to when the selector was painted. */
  function loaded(selector) {
    return new Promise((done) => {
      const look = () => {
        if (!find(selector)) return requestAnimationFrame(look);
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => done(performance.now());
        port2.postMessage(0);
      };
      requestAnimationFrame(look);
    });
  }

  /** When each position was shown, [ms, step, phase], a frame of the screen at most once, for `ms` milliseconds. */
  function shown(ms) {
    const seen = [];
    let asked = false;
    const observer = new MutationObserver(() => {
      if (asked) return;
      asked = true;
      requestAnimationFrame((now) => {
        asked = false;
        const { step, phase } = board().dataset;
        seen.push([now, Number(step), Number(phase)]);
      });
    });
    observer.observe(board(), { attributes: true, attributeFilter: ["data-painted"] });
    return new Promise((done) => {
      setTimeout(() => {
        observer.disconnect();
        done(seen);
      }, ms);
    });
  }

  return { arm, find, loaded, shown };
})();
