// What came of it: a table for each plan, and a reason for each warning.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const FINE = ['PASSED', 'SKIPPED', 'REVIEW', 'WARNING'];

export class Results {
  /** `expected` is the file that gives reasons, of `warnings` and of
   * `faults_of_the_suite`: by plan, module and condition
   * (with the beginning of what it says), `*` for any plan or module. */
  constructor(expected, version) {
    this.expected = JSON.parse(readFileSync(expected, 'utf8'));
    this.version = version;
    this.plans = [];
  }

  /** Adds a plan that was run. */
  add(plan, modules) {
    this.plans.push({ ...plan, modules });
  }

  /** Why it is all right, or is not ours. */
  #reason(plan, module, { result, src, msg }) {
    const kind = result === 'WARNING' ? 'warnings' : 'faults_of_the_suite';
    for (const name of [plan.name, '*']) {
      for (const one of [module.module, '*']) {
        const reasons = Object.entries(this.expected[kind][name]?.[one] ?? {});
        const found = reasons.find(([told]) => `${src}: ${msg}`.startsWith(told));
        if (found) return kind === 'warnings' ? found[1] : `A fault of the suite: ${found[1]}`;
      }
    }
    return undefined;
  }

  /** Whether nothing happened that may not be. */
  #isFine(plan, module) {
    const isFault = ({ result }) => result === 'FAILURE';
    const told = module.told.every((entry) => this.#reason(plan, module, entry));
    return told && (FINE.includes(module.result) || module.told.some(isFault));
  }

  get failed() {
    return this.plans.some((plan) => plan.modules.some((module) => !this.#isFine(plan, module)));
  }

  /** Writes results.md: plans that were not run keep what was written of them. */
  write(file, order) {
    const sections = existsSync(file) ? readFileSync(file, 'utf8').split(/^## /m).slice(1) : [];
    const written = new Map(sections.map((section) => [section.split('\n')[0], section.trimEnd()]));
    for (const plan of this.plans) written.set(plan.name, this.#section(plan));
    const names = order.filter((name) => written.has(name));
    const parts = [
      '# Results',
      'Written by `node conformance/run.mjs`; not to be edited.',
      ['| plan | passed | review | skipped | warning | failed |', '|---|---|---|---|---|---|', ...names.map((name) => row(name, written.get(name)))].join('\n'),
      ...names.map((name) => `## ${written.get(name)}`),
    ];
    writeFileSync(file, `${parts.join('\n\n')}\n`);
  }

  #section(plan) {
    const variant = Object.entries(plan.variant ?? {}).map(([name, value]) => `${name}=${value}`);
    const { version, revision } = this.version;
    return [
      plan.name,
      '',
      `\`${plan.plan}\`${variant.length ? ` with ${variant.join(', ')}` : ''};`,
      `suite ${version}, commit ${revision}, on ${new Date().toISOString().slice(0, 10)}`,
      '',
      '| module | result | |',
      '|---|---|---|',
      ...plan.modules.map((module) => `| ${module.name} | ${module.result} | ${this.#notes(plan, module)} |`),
    ].join('\n');
  }

  #notes(plan, module) {
    const notes = module.told.map((entry) => this.#reason(plan, module, entry) ?? `**${entry.src}: ${entry.msg}**`);
    return [...new Set(notes)].join(' ').replaceAll('|', '\\|').replaceAll('\n', ' ');
  }
}

/** Counts the results in a section. */
function row(name, section) {
  const results = section.split('\n').slice(1).filter((line) => line.startsWith('| ')).slice(1).map((line) => line.split(' | ')[1]);
  const count = (result) => results.filter((one) => one === result).length;
  const counts = ['PASSED', 'REVIEW', 'SKIPPED', 'WARNING'].map(count);
  const rest = results.length - counts.reduce((sum, one) => sum + one, 0);
  return `| ${[`[${name}](#${name})`, ...counts, rest].join(' | ')} |`;
}
