// Wires what is kept: the projects, their sheet, the ways in for files and the ways out.
import { applyEdits } from "./edit/edits.js";
import { errorWords } from "./failures.js";
import { ofOnePiece } from "./of-one-piece.js";
import { BadProjectFile, ENDING, packProject, unpackProject } from "./projects/project-file.js";
import { Projects } from "./projects/projects.js";
import { zipOf } from "./projects/zip.js";
import { saveBlob, saveFile } from "./save-file.js";
import { t } from "./translate.js";
import { Notices } from "./views/notices.js";
import { ProjectsSheet } from "./views/projects-sheet.js";
import { defaultsOf, validOptions } from "./views/settings.js";
import { listenForLaunches, takeShared, takeShortcut } from "./ways-in.js";
import { listenForWaysOut } from "./ways-out.js";
import { stem } from "./words.js";

/** @typedef {import("./store.js").Store} Store */
/** @typedef {import("./session.js").Session} Session */
/** @typedef {import("./views/settings.js").OptionSpec} OptionSpec */

export class Keep {
  /**
   * @param {Store} store @param {Session} session @param {OptionSpec[]} specs
   * @param {Record<string, import("../shared/messages.js").Options>} presets @param {(id: string) => HTMLElement} byId
   */
  constructor(store, session, specs, presets, byId) {
    this.store = store;
    this.session = session;
    this.notices = new Notices(byId("notices"));
    /** @param {import("../shared/messages.js").Options} saved */
    this.optionsOf = (saved) => ({ ...defaultsOf(specs), ...validOptions(specs, saved) });
    this.projects = new Projects(store, session, {
      notice: this.notices,
      optionsOf: this.optionsOf,
      optionsOfNext: (last) => ({ ...last, ...ofOnePiece(specs, presets, last) }),
    });
    new ProjectsSheet(this.projects, store, byId, {
      exportProject: (id) => this.exportProject(id),
      saveAll: (ids) => this.saveAll(ids),
      saveAsOne: (ids) => this.saveAsOne(ids),
    });
    listenForWaysOut(store, byId, {
      midi: (title) => session.exportFile("mid", title),
      saveProject: () => this.exportProject(store.state.projectId),
      failed: (error) => this.#failed(error),
    });
  }

  /**
   * Bring back what was open, then take what other programs have handed over.
   * @param {Record<string, () => void>} shortcuts by the names that the manifest has for them
   */
  async begin(shortcuts) {
    await this.projects.restore();
    shortcuts[takeShortcut()]?.();
    listenForLaunches((files) => this.bringIn(files));
    const shared = await takeShared();
    if (shared.length > 0) await this.bringIn(shared);
  }

  /** A new version is there. @param {() => void} reload */
  offerUpdate(reload) {
    this.notices.show("update", t("A new version is ready. Reload to use it."), {
      label: t("Reload"),
      act: () => void this.projects.flush().finally(reload),
    });
  }

  /** @param {unknown} error */
  #failed(error) {
    this.store.set({ alarm: t("The file could not be made ({why}). The notes are kept.", { why: errorWords(error) }) });
  }

  /**
   * Files from anywhere: recordings are transcribed, projects opened.
   * @param {readonly File[]} files
   */
  async bringIn(files) {
    const isProject = (/** @type {File} */ file) => file.name.toLowerCase().endsWith(ENDING);
    const recordings = files.filter((file) => !isProject(file));
    if (recordings.length > 0) await this.projects.add(recordings);
    for (const file of files.filter(isProject)) await this.importProject(file);
  }

  /** @param {File} file */
  async importProject(file) {
    const library = await this.projects.opened;
    this.store.set({ alarm: null });
    try {
      const id = await unpackProject(library, file);
      await this.projects.show(id);
      const card = library.card(id);
      if (card?.state === "waiting" || card?.state === "running") await this.projects.again(id);
    } catch (error) {
      const isKnown = error instanceof BadProjectFile;
      const why = isKnown ? error.message : t("The project could not be opened ({why}).", { why: errorWords(error) });
      this.store.set({ alarm: why });
    }
  }

  /** @param {string} id */
  async exportProject(id) {
    await this.projects.flush();
    const library = await this.projects.opened;
    try {
      const blob = await packProject(library, id);
      saveBlob(`${stem(library.card(id)?.fileName ?? "")}${ENDING}`, blob);
    } catch (error) {
      const why = errorWords(error);
      this.store.set({ alarm: t("The project file could not be made ({why}). The project is kept.", { why }) });
    }
  }

  /** Each project's notes as MIDI, in one zip. @param {string[]} ids */
  async saveAll(ids) {
    await this.projects.flush();
    /** @type {{ name: string, blob: Blob }[]} */
    const files = [];
    try {
      for (const id of ids) {
        const { title, options, notes, analysis } = await this.#shownOf(id);
        const bytes = await this.session.exporter.exportFile("mid", options, title, notes, analysis);
        files.push({
          name: freeName(
            title,
            files.map(({ name }) => name),
          ),
          blob: new Blob([bytes]),
        });
      }
      saveBlob(t("Linnet {count} files.zip", { count: files.length }), await zipOf(files));
    } catch (error) {
      this.#failed(error);
    }
  }

  /**
   * All projects' notes in one MIDI file, a track for each, on one grid (linnet/stems.py). What is on the page goes first
   * where several lay one.
   * @param {string[]} ids
   */
  async saveAsOne(ids) {
    await this.projects.flush();
    try {
      const stems = await Promise.all(ids.map((id) => this.#plainOf(id)));
      const parts = stems.map(({ title, notes, options }) => ({ name: title, notes, options }));
      const title = commonStart(parts.map(({ name }) => name)) || t("Linnet {count} tracks", { count: parts.length });
      const first = stems[Math.max(0, ids.indexOf(this.store.state.projectId))];
      const bytes = await this.session.exporter.exportParts(first?.options ?? {}, title, parts);
      saveFile(title, "mid", bytes);
    } catch (error) {
      this.#failed(error);
    }
  }

  /** A project's notes as heard and edited. @param {string} id */
  async #plainOf(id) {
    const library = await this.projects.opened;
    const { heard, edits } = await library.contents(id);
    const card = library.card(id);
    const options = this.optionsOf(card?.options ?? {});
    return { title: stem(card?.fileName ?? ""), options, notes: applyEdits(heard, edits).notes };
  }

  /** A project's notes as the page would show them. @param {string} id */
  async #shownOf(id) {
    const plain = await this.#plainOf(id);
    const { columns, analysis } = await this.session.arrange(plain.notes, plain.options);
    return { ...plain, notes: columns ?? plain.notes, analysis };
  }
}

/** What the names of stems begin with, such as the song's. @param {string[]} names */
function commonStart(names) {
  const [first = ""] = names;
  let length = first.length;
  for (const name of names) while (!name.startsWith(first.slice(0, length))) length--;
  return first.slice(0, length).replace(/[\s\-_.([]+$/, "");
}

/** @param {string} title @param {string[]} taken */
function freeName(title, taken) {
  for (let count = 1; ; count++) {
    const name = `${title}${count > 1 ? ` (${count})` : ""}.mid`;
    if (!taken.includes(name)) return name;
  }
}
