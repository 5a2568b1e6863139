// What came of it: a table for each plan, and a reason for each warning.
import { readFileSync, writeFileSync } from 'node:fs';

const FINE = ['PASSED', 'SKIPPED', 'REVIEW'];

export class Results {
  /** `expected` is the file that explains warnings: { plan: { module: { condition: reason } } },
   * `*` for any. */
  constructor(expected, version) {
    this.expected = JSON.parse(readFileSync(expected, 'utf8'));
    this.version = version;
    this.plans = [];
  }

  /** Adds a plan that was run. */
  add(plan, modules) {
    this.plans.push({ ...plan, modules: modules.map((module) => ({ ...module, unexplained: this.#unexplained(plan, module) })) });
  }

  #reason(plan, module, condition) {
    for (const name of [plan.name, '*']) {
      for (const one of [module.module, '*']) {
        const reason = this.expected[name]?.[one]?.[condition];
        if (reason) return reason;
      }
    }
    return undefined;
  }

  /** What may not be: failures, and warnings that nobody has explained. */
  #unexplained(plan, module) {
    const told = module.told.filter((entry) => !this.#reason(plan, module, entry.src));
    const ended = module.status === 'FINISHED';
    return ended && told.length === 0 && (FINE.includes(module.result) || module.told.length > 0) ? [] : [...told, ...(ended ? [] : [{ src: module.status, msg: 'did not finish' }])];
  }

  get failed() {
    return this.plans.some((plan) => plan.modules.some((module) => module.unexplained.length > 0));
  }

  /** Writes results.md. */
  write(file) {
    const parts = [
      '# Results',
      '',
      `Suite ${this.version.version}, commit ${this.version.revision} (${this.version.tag ?? 'no tag'}); run on ${new Date().toISOString().slice(0, 10)}.`,
      'Written by `node conformance/run.mjs`; not to be edited.',
      '',
      '| plan | modules | passed | review | skipped | warning | failed |',
      '|---|---|---|---|---|---|---|',
      ...this.plans.map((plan) => row(plan)),
      '',
    ];
    for (const plan of this.plans) parts.push(...this.#plan(plan));
    writeFileSync(file, `${parts.join('\n').trimEnd()}\n`);
  }

  #plan(plan) {
    const variant = Object.entries(plan.variant ?? {}).map(([name, value]) => `${name}=${value}`);
    return [
      `## ${plan.name}`,
      '',
      `\`${plan.plan}\`${variant.length ? ` with ${variant.join(', ')}` : ''}`,
      '',
      '| module | result | |',
      '|---|---|---|',
      ...plan.modules.map((module) => `| ${module.module} | ${module.result} | ${this.#notes(plan, module)} |`),
      '',
    ];
  }

  #notes(plan, module) {
    const notes = module.told.map((entry) => this.#reason(plan, module, entry.src) ?? `**${entry.src}: ${entry.msg}**`);
    return [...new Set(notes)].join(' ').replaceAll('|', '\\|').replaceAll('\n', ' ');
  }
}

function row(plan) {
  const count = (...results) => plan.modules.filter((module) => results.includes(module.result)).length;
  const rest = plan.modules.length - count('PASSED', 'REVIEW', 'SKIPPED', 'WARNING');
  const cells = [plan.name, plan.modules.length, count('PASSED'), count('REVIEW'), count('SKIPPED'), count('WARNING'), rest];
  return `| ${cells.join(' | ')} |`;
}
