// Runs one module and does what it waits for.
import * as hands from './hands.mjs';

const OVER = ['FINISHED', 'INTERRUPTED'];

/** A white picture, for placeholders that no page of ours fills. */
const BLANK =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=';

/** Runs it; gives its result and what went wrong in it. */
export async function runModule(suite, plan, module, world, patience = 240_000) {
  await hands.before(module.testModule, world);
  const { id } = await suite.createModule(plan, module);
  const until = Date.now() + patience;
  let info;
  let started = false;
  let idle = 0;
  for (;;) {
    info = await suite.info(id);
    if (OVER.includes(info.status)) break;
    if (info.status === 'CONFIGURED' && !started) {
      started = true;
      await hands.onceConfigured(module.testModule, world);
      await suite.start(id);
    }
    if (info.status === 'WAITING') {
      // Nothing that its browser does, and nobody to press on: a picture may be missing.
      idle = (await waitsForPicture(suite, id)) ? idle + 1 : 0;
      if (idle > 20) await uploadBlank(suite, id);
    }
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

async function waitsForPicture(suite, id) {
  const { browser } = await suite.runner(id).catch(() => ({}));
  if (browser?.runners?.length) return false;
  return (await suite.log(id)).some((entry) => entry.upload);
}

async function uploadBlank(suite, id) {
  for (const { upload } of (await suite.log(id)).filter((entry) => entry.upload)) {
    await suite.upload(id, upload, BLANK).catch(() => {});
  }
}

function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
