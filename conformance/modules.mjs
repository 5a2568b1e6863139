// Runs one module and does what it waits for.
import * as hands from './hands.mjs';

const OVER = ['FINISHED', 'INTERRUPTED'];

/** Runs it; gives its result and what went wrong in it. */
export async function runModule(suite, plan, module, world, patience = 240_000) {
  await hands.before(module.testModule, world);
  const { id } = await suite.createModule(plan, module);
  const until = Date.now() + patience;
  let info;
  let started = false;
  let done = false;
  for (;;) {
    info = await suite.info(id);
    if (OVER.includes(info.status)) break;
    if (info.status === 'CONFIGURED' && !started) {
      started = true;
      await hands.onceConfigured(module.testModule, world);
      await suite.start(id);
    }
    done ||= await hands.whileRunning(module.testModule, () => suite.log(id), world);
    if (Date.now() > until) {
      await suite.cancel(id).catch(() => {});
      await pause(1_000);
      info = await suite.info(id);
      break;
    }
    await pause(500);
  }
  const log = await suite.log(id);
  return {
    id,
    module: module.testModule,
    name: named(module),
    status: info.status,
    result: info.status === 'FINISHED' ? info.result : `${info.status} ${info.result ?? ''}`.trim(),
    told: log.filter((entry) => ['FAILURE', 'WARNING'].includes(entry.result)),
    log,
  };
}

/** A module with the response type it is run with, where the plan has several. */
function named({ testModule, variant }) {
  const kind = variant?.response_type;
  return kind && kind !== 'code' ? `${testModule} (${kind})` : testModule;
}

function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
