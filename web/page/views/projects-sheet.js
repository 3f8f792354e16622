// The sheet of projects: what stands in line and how far it is, what was worked on before, and the ways in and out.
import { currentLanguage, t } from "../translate.js";
import { clock, noteCount } from "../words.js";
import { element } from "./element.js";

/** @typedef {import("../projects/project.js").Project} Project */
/** @typedef {import("../projects/projects.js").Projects} Projects */
/**
 * @typedef {object} SheetHands
 * @property {(id: string) => void} exportProject
 * @property {(ids: string[]) => void} saveAll a MIDI file for each
 * @property {(ids: string[]) => void} saveAsOne one MIDI file with a track for each
 */

const LOOK_MS = 1000;
const DAY = /** @type {const} */ ({ dateStyle: "medium", timeStyle: "short" });

/** @param {string} text @param {string} name spoken @param {() => void} act @param {boolean} [isDisabled] */
function button(text, name, act, isDisabled = false) {
  const made = element("button", { type: "button", className: "small", textContent: text, ariaLabel: name });
  made.toggleAttribute("disabled", isDisabled);
  made.addEventListener("click", act);
  return made;
}

/**
 * The state of a project in words.
 * @param {Project} card
 * @param {number} part how far the one is that is worked on
 * @param {boolean} isElsewhere
 */
export function stateWords(card, part, isElsewhere) {
  if (isElsewhere) return t("open in another tab");
  if (card.state === "waiting") return t("waiting");
  if (card.state === "running") return `${Math.floor(100 * part)} %`;
  if (card.state === "failed" && card.noteCount === 0) return t("failed: {reason}", { reason: card.reason });
  const words = [noteCount(card.noteCount), clock(card.durationS)];
  if (card.state === "stopped") words.push(t("stopped early"));
  if (card.state === "failed") words.push(t("broke off"));
  return words.join(" · ");
}

export class ProjectsSheet {
  #isDue = false;

  /**
   * @param {Projects} projects
   * @param {import("../store.js").Store} store
   * @param {(id: string) => HTMLElement} byId
   * @param {SheetHands} hands
   */
  constructor(projects, store, byId, hands) {
    this.projects = projects;
    this.store = store;
    this.byId = byId;
    this.hands = hands;
    this.dialog = /** @type {HTMLDialogElement} */ (byId("projects-sheet"));
    projects.onChange = () => this.#touch();
    byId("projects-open").addEventListener("click", () => this.open());
    this.dialog.addEventListener("close", () => projects.purge());
    this.dialog.addEventListener("click", (event) => {
      if (event.target === this.dialog) this.dialog.close(); // beside it
    });
    byId("batch-midi").addEventListener("click", () => hands.saveAll(this.#finished()));
    byId("batch-one").addEventListener("click", () => hands.saveAsOne(this.#finished()));
    byId("projects-import").addEventListener("click", () => byId("file-input").click());
    store.listen((_, changed) => {
      if (changed.has("projectId") || changed.has("stage")) this.#touch();
    });
  }

  async open() {
    this.dialog.showModal();
    for (let isFirst = true; this.dialog.open; isFirst = false) {
      await this.projects.look(isFirst); // other tabs come and go
      this.#show();
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }

  /** Of the batch, what has notes, in order. */
  #finished() {
    const { turns, library } = this.projects;
    return turns.batch.filter((id) => {
      const card = library?.card(id);
      return card && !card.isDeleted && (card.state === "done" || card.state === "stopped" || card.noteCount > 0);
    });
  }

  /** Show soon: cards change many times a second. */
  #touch() {
    if (this.#isDue) return;
    this.#isDue = true;
    requestAnimationFrame(() => {
      this.#isDue = false;
      this.#show();
    });
  }

  #show() {
    const { projects, byId } = this;
    const all = projects.library?.projects ?? [];
    const inLine = projects.turns.batch.flatMap((id) => projects.library?.card(id) ?? []);
    const left = inLine.filter(({ state }) => state === "waiting" || state === "running").length;
    const isOver = left === 0;
    byId("projects-open").textContent = isOver
      ? t("Projects")
      : t("Projects {done}/{all}", { done: inLine.length - left, all: inLine.length });
    if (!this.dialog.open) return;
    byId("batch").hidden = projects.turns.batch.length < 2;
    this.#fill(byId("batch-rows"), inLine);
    const others = all.filter(({ id }) => !projects.turns.batch.includes(id));
    this.#fill(byId("project-rows"), others);
    byId("projects-title").hidden = others.length === 0;
    byId("projects-none").hidden = all.length > 0;
    byId("projects-unkept").hidden = projects.library?.parts.areKept ?? true;
    for (const id of ["batch-midi", "batch-one"]) byId(id).toggleAttribute("disabled", this.#finished().length === 0);
  }

  /**
   * Rows for cards; those that are there are changed, so that the keyboard's place is not lost.
   * @param {HTMLElement} list
   * @param {Project[]} cards
   */
  #fill(list, cards) {
    const old = new Map([...list.children].map((row) => [/** @type {HTMLElement} */ (row).dataset.project, row]));
    const rows = cards.map((card) => {
      const key = this.#keyOf(card);
      const before = /** @type {HTMLElement | undefined} */ (old.get(card.id));
      if (before?.dataset.key === key) return before;
      const row = this.#row(card);
      row.dataset.key = key;
      if (before?.contains(document.activeElement)) queueMicrotask(() => row.querySelector("button")?.focus());
      return row;
    });
    const isSame = rows.length === list.childElementCount && rows.every((row, i) => row === list.children[i]);
    if (!isSame) list.replaceChildren(...rows);
  }

  /** What a row shows: another key, another row. @param {Project} card */
  #keyOf(card) {
    const { projects, store } = this;
    const isOpen = store.state.projectId === card.id;
    const words = stateWords(card, projects.turns.doneShare, projects.elsewhere.has(card.id));
    return `${card.fileName}|${words}|${isOpen}|${card.isDeleted}|${card.openedMs}`;
  }

  /** @param {Project} card */
  #row(card) {
    const { projects, store, hands } = this;
    const { id, fileName: name } = card;
    const isElsewhere = projects.elsewhere.has(id);
    const isOpen = store.state.projectId === id;
    const row = element("li", { className: "project" });
    row.dataset.project = id;
    row.dataset.state = card.isDeleted ? "deleted" : card.state;
    if (isOpen) row.setAttribute("aria-current", "true");
    if (card.isDeleted) {
      const undo = button(t("Undo"), t("Bring “{name}” back", { name }), () => projects.bringBack(id));
      row.append(element("span", { className: "name quiet" }, [t("“{name}” deleted", { name })]), undo);
      return row;
    }
    const state = stateWords(card, projects.turns.doneShare, isElsewhere);
    const when = isOpen ? t("on the page") : new Date(card.openedMs).toLocaleString(currentLanguage(), DAY);
    const words = element("span", { className: "words" }, [element("span", { className: "name" }, [name])]);
    words.append(element("span", { className: "quiet figures" }, [`${state} · ${when}`]));
    const canOpen =
      !isElsewhere && !isOpen && (card.noteCount > 0 || card.state !== "failed") && card.state !== "waiting";
    row.append(words);
    if (canOpen) row.append(button(t("Open"), t("Open “{name}”", { name }), () => this.#openProject(id)));
    const canTryAgain = !isElsewhere && (card.state === "failed" || card.state === "stopped");
    if (canTryAgain) row.append(button(t("Again"), t("Transcribe “{name}” again", { name }), () => projects.again(id)));
    row.append(
      button(t("Export"), t("Export “{name}” as a project file", { name }), () => hands.exportProject(id), isElsewhere),
      button(t("Delete"), t("Delete “{name}”", { name }), () => projects.remove(id), isElsewhere),
    );
    return row;
  }

  /** @param {string} id */
  async #openProject(id) {
    if (await this.projects.show(id)) return this.dialog.close();
    await this.projects.look();
    this.#show();
  }
}
