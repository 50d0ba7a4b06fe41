"use strict";
(() => {
  const boards = JSON.parse(document.getElementById("data").textContent);
  const at = (id) => document.getElementById(id);
  const DASH = "\u2013";
  const MOST = 100; // rows drawn before somebody asks for all
  const COLUMNS = { rank: 1, model: 1, score: -1, gap: -1 };
  const START = { where: boards[0].start[0], attack: boards[0].start[1], severity: boards[0].start[2], sort: "rank", order: "up", q: "", rows: "some" };
  const svgOf = (name, attributes) => {
    const made = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  };
  for (const board of boards) board.index = new Map(board.views.map(([a, b, c, i]) => [JSON.stringify([a, b, c]), i]));

  let state = {};

  const points = (value, sign) => (value === null ? DASH : (sign && value >= 0 ? "+" : "") + (value / 10).toFixed(1));
  const letters = (number) => {
    let made = "";
    for (let left = number + 1; left > 0; left = Math.floor((left - 1) / 26)) made = String.fromCharCode(97 + ((left - 1) % 26)) + made;
    return made;
  };

  const read = () => {
    const asked = new URLSearchParams(location.hash.slice(1));
    const get = (key) => asked.get(key) ?? START[key];
    const suites = [...new Set(boards.map((board) => board.suite))];
    const suite = suites.includes(asked.get("suite")) ? asked.get("suite") : suites[0];
    const mine = boards.filter((board) => board.suite === suite);
    const board = mine.find((one) => one.task === asked.get("task")) ?? mine[0];
    const first = board.start;
    const where = board.places.some(([key]) => key === get("where")) ? get("where") : first[0];
    let attack = board.attacks.some(([key]) => key === get("attack")) ? get("attack") : first[1];
    const has = (step) => board.index.has(JSON.stringify([where, attack, step]));
    let severity = (board.severities[attack] ?? []).includes(get("severity")) ? get("severity") : "all";
    if (!has(severity)) severity = has("all") ? "all" : first[2];
    if (!has(severity)) { attack = "clean"; severity = "all"; }
    const sort = Object.hasOwn(COLUMNS, get("sort")) ? get("sort") : "rank";
    state = { board, where, attack, severity, sort, order: get("order") === "down" ? "down" : "up", q: get("q").slice(0, 200),
      rows: get("rows") === "all" ? "all" : "some" };
  };

  const keep = () => {
    const told = new URLSearchParams();
    const { board, where, attack, severity, sort, order, q, rows } = state;
    if (boards.length > 1) { told.set("suite", board.suite); told.set("task", board.task); }
    for (const [key, value] of Object.entries({ where, attack, severity, sort, order, q, rows })) if (value !== START[key]) told.set(key, value);
    history.replaceState(null, "", "#" + told.toString());
  };

  const fill = (select, groups, chosen) => {
    const nodes = groups.map(([label, options]) => {
      const made = options.map(([value, text]) => new Option(text, value, false, value === chosen));
      if (!label) return made;
      const group = document.createElement("optgroup");
      group.label = label;
      group.append(...made);
      return [group];
    });
    select.replaceChildren(...nodes.flat());
    select.disabled = groups.reduce((sum, [, options]) => sum + options.length, 0) < 2;
  };

  const offer = () => {
    const { board, where, attack, severity } = state;
    const suites = new Map(boards.map((one) => [one.suite, one.title]));
    fill(at("board"), [["", [...suites]]], board.suite);
    fill(at("task"), [["", boards.filter((one) => one.suite === board.suite).map((one) => [one.task, one.task])]], board.task);
    const kinds = ["Groups", "Scripts", "Languages"];
    fill(at("where"), kinds.map((kind) => [kind, board.places.filter(([, , its]) => its === kind)]), where);
    fill(at("attack"), [["", board.attacks.filter(([key]) => ["all", ...(board.severities[key] ?? [])].some((step) => board.index.has(JSON.stringify([where, key, step]))))]], attack);
    const steps = (board.severities[attack] ?? []).filter((step) => board.index.has(JSON.stringify([where, attack, step])));
    const all = board.budgets ? [] : [["all", "all severities"]];
    const none = board.budgets && !steps.length ? [["all", "none"]] : [];
    fill(at("severity"), [["", [...all, ...none, ...steps.map((step) => [step, step])]]], severity);
    at("step").textContent = board.budgets ? "Edits at most" : "Severity";
    if (at("query").value !== state.q) at("query").value = state.q;
  };

  const plot = (low, value, high, axis) => {
    const place = (one) => (100 * (one - axis[0])) / (axis[1] - axis[0]);
    const made = svgOf("svg", { class: "plot", viewBox: "0 0 100 10", preserveAspectRatio: "none", "aria-hidden": "true" });
    made.append(
      svgOf("rect", { class: "track", x: 0, y: 4.5, width: 100, height: 1 }),
      svgOf("rect", { class: "span", x: place(low), y: 3.2, width: Math.max(0.3, place(high) - place(low)), height: 3.6 }),
      svgOf("rect", { class: "dot", x: place(value) - 0.7, y: 1, width: 1.4, height: 8 }),
    );
    return made;
  };

  const cell = (tag, names, ...content) => {
    const made = document.createElement(tag);
    if (names) made.className = names;
    if (tag === "th") made.scope = "row";
    made.append(...content);
    return made;
  };

  const small = (content) => cell("small", "narrow", content);

  const named = (model) => {
    const link = document.createElement("a"), name = document.createElement("bdi");
    link.href = model[1];
    name.textContent = model[0];
    link.append(name);
    return link;
  };

  const ranked = (standing) => {
    const ties = standing.m.map(() => []);
    standing.t.forEach(([first, last], group) => { for (let i = first; i <= last; i++) ties[i].push(group); });
    return standing.m.map((model, i) => ({
      model, place: i, low: standing.a[i], high: standing.z[i],
      tie: [...new Set([ties[i][0], ties[i].at(-1)])].map(letters).join(DASH),
      score: standing.s.slice(3 * i, 3 * i + 3), gap: standing.g && standing.g.slice(3 * i, 3 * i + 3),
    }));
  };

  const sorted = (rows, models) => {
    const { sort, order } = state;
    const by = {
      rank: (a, b) => a.place - b.place,
      model: (a, b) => models[a.model][0].localeCompare(models[b.model][0]),
      score: (a, b) => b.score[0] - a.score[0],
      gap: (a, b) => (a.gap && b.gap ? b.gap[0] - a.gap[0] : 0),
    }[sort];
    const turn = (order === "down") === (COLUMNS[sort] < 0) ? 1 : -1;
    return rows.sort((a, b) => turn * by(a, b) || a.place - b.place);
  };

  const rowOf = (row, models, axis) => {
    const made = document.createElement("tr");
    const text = (figure, sign) => `${points(figure[1], sign)} to ${points(figure[2], sign)}`;
    made.append(
      cell("td", "rank", row.low === row.high ? String(row.low) : `${row.low}${DASH}${row.high}`),
      cell("td", "tie wide", row.tie),
      cell("th", "", named(models[row.model])),
      cell("td", "number score", points(row.score[0]), small(text(row.score))),
      cell("td", "plots", plot(row.score[1], row.score[0], row.score[2], axis)),
      cell("td", "number wide soft", text(row.score)),
      row.gap ? cell("td", "number", points(row.gap[0], true), small(text(row.gap, true))) : cell("td", "number", DASH),
      cell("td", "number wide soft", row.gap ? text(row.gap, true) : ""),
    );
    return made;
  };

  const unranked = (model) => {
    const made = document.createElement("tr");
    const why = cell("td", "soft", "not judged here: too few of the changes reached this model");
    why.colSpan = 5;
    made.append(cell("td", "rank", DASH), cell("td", "tie wide", ""), cell("th", "", named(model)), why);
    return made;
  };

  const show = () => {
    const { board, where, attack, severity } = state;
    const standing = board.standings[board.index.get(JSON.stringify([where, attack, severity]))];
    const wanted = state.q.trim().toLowerCase();
    const fits = (model) => board.models[model][0].toLowerCase().includes(wanted);
    const all = ranked(standing);
    const rows = sorted(all.filter((row) => fits(row.model)), board.models);
    const ends = all.flatMap((row) => [row.score[1], row.score[2]]);
    const axis = ends.length ? [50 * Math.floor(Math.min(...ends) / 50), 50 * Math.ceil(Math.max(...ends) / 50)] : [0, 1000];
    if (axis[0] === axis[1]) axis[1] += 50;
    const others = standing.u.filter(fits);
    const drawn = state.rows === "all" ? rows : rows.slice(0, MOST);
    const rest = state.rows === "all" ? others : others.slice(0, MOST - drawn.length);
    at("rows").replaceChildren(...drawn.map((row) => rowOf(row, board.models, axis)), ...rest.map((i) => unranked(board.models[i])));
    at("more").hidden = drawn.length + rest.length === rows.length + others.length;
    at("more").textContent = `Show all ${(rows.length + others.length).toLocaleString("en")} models`;
    at("axis").textContent = `${axis[0] / 10} to ${axis[1] / 10}`;
    const of = (list, key) => list.find(([its]) => its === key)[1];
    const edits = `with at most ${severity} edit${severity === "1" ? "" : "s"}`;
    const at_ = severity === "all" ? "" : ` ${board.budgets ? edits : `at severity ${severity}`}`;
    at("caption").textContent = `${of(board.places, where)}, ${of(board.attacks, attack)}${at_} \u00b7 ${board.title} \u00b7 ${board.task} \u00b7 ${board.examples.toLocaleString("en")} examples`;
    const shown = rows.length + others.length, total = standing.m.length + standing.u.length;
    at("status").textContent = `${shown === total ? "" : `${shown} of `}${total} ${total === 1 ? "model" : "models"}${board.apart ? `. Apart from the others: ${board.apart}` : ""}`;
    for (const head of document.querySelectorAll("th[data-key]")) {
      const mine = head.dataset.key === state.sort;
      head.setAttribute("aria-sort", mine ? (state.order === "up" ? "ascending" : "descending") : "none");
    }
  };

  const draw = () => { offer(); show(); };
  const change = (what) => { Object.assign(state, what); keep(); read(); draw(); };

  at("board").addEventListener("change", (event) => change({ board: boards.find((one) => one.suite === event.target.value) }));
  at("task").addEventListener("change", (event) => change({ board: boards.find((one) => one.suite === state.board.suite && one.task === event.target.value) }));
  at("where").addEventListener("change", (event) => change({ where: event.target.value }));
  at("attack").addEventListener("change", (event) => change({ attack: event.target.value, severity: state.board.budgets ? state.severity : "all" }));
  at("severity").addEventListener("change", (event) => change({ severity: event.target.value }));
  at("query").addEventListener("input", (event) => change({ q: event.target.value }));
  at("more").addEventListener("click", () => change({ rows: "all" }));
  at("filters").addEventListener("submit", (event) => event.preventDefault());
  for (const head of document.querySelectorAll("th[data-key]")) {
    head.querySelector("button").addEventListener("click", () => {
      const key = head.dataset.key;
      const natural = COLUMNS[key] > 0 ? "up" : "down";
      const order = state.sort === key ? (state.order === "up" ? "down" : "up") : natural;
      change({ sort: key, order });
    });
  }
  addEventListener("hashchange", () => { read(); draw(); });
  at("filters").hidden = false;
  read();
  draw();
})();
