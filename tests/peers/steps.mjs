// What the programs for Node share: JSON on stdin, named steps, a report.
//
// On success one line of JSON, a key per step. On failure: the step and a plain
// message on stderr, exit status 1.

import { text } from 'node:stream/consumers';

export const input = JSON.parse(await text(process.stdin));
const done = {};

export async function step(name, work) {
  try {
    return await work((report) => (done[name] = report));
  } catch (error) {
    const causes = [];
    for (let e = error; e; e = e.cause) causes.push(e.error_description ?? e.message ?? JSON.stringify(e));
    console.error(`${name}: ${error.error ?? error.code ?? error.name}: ${causes.join(': ')}`);
    console.error(`done before: ${JSON.stringify(done)}`);
    process.exit(1);
  }
}

export function finish() {
  console.log(JSON.stringify(done));
}
