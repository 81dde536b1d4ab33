/** `check --report`: a report on this adapter as a file, and beside it as a page to read. */
import { resolve } from 'node:path';
import { Gpu } from '../gpu/gpu.ts';
import { nodeGpu } from '../gpu/node.ts';
import { makeReport } from '../lab/adapter-report/make.ts';
import { reportPage } from '../lab/adapter-report/page.ts';
import { summarise } from '../lab/adapter-report/summary.ts';
import type { LabIo, Outcome } from './command.ts';
import type { DEVICE_OPTIONS } from './device.ts';
import { requireFileRoom } from './file-limit.ts';
import { writeWhole } from './files.ts';
import { folderReader, modelFolder } from './models.ts';
import { badOption, type OptionValues } from './options.ts';

interface ReportValues extends OptionValues<typeof DEVICE_OPTIONS> {
  readonly kernel: string | undefined;
  readonly seconds: number;
}

/** @throws BatonError BadConfig on `--report` and `--kernel`; BadFile where it cannot be written */
export async function report(
  { kernel, limits, profile, seconds }: ReportValues,
  file: string,
  io: LabIo,
): Promise<Outcome> {
  if (!file.endsWith('.json')) throw badOption('report', 'is no name that ends in .json');
  if (kernel !== undefined) throw badOption('kernel', 'does not go with --report');
  requireFileRoom();
  const { clock } = io;
  let under = '';
  const made = await makeReport({
    clock,
    seconds,
    signal: io.interrupted,
    browser: `Node ${process.versions.node}`,
    date: new Date().toISOString().slice(0, 10),
    reader: (policy) => folderReader('report', modelFolder('report', policy, io)),
    open: (family) => {
      const asked = family ?? profile;
      return Gpu.open(nodeGpu(), { clock, limits, ...(asked && { profile: asked }) });
    },
    tell: ({ seconds: so }, doing) => {
      if (doing !== under) io.log(`${so.toFixed(0).padStart(4)} s  ${doing}`);
      under = doing;
    },
  });
  const json = resolve(io.cwd, file);
  const page = json.replace(/\.json$/, '.html');
  writeWhole('report', json, `${JSON.stringify(made, null, 1)}\n`);
  writeWhole('report', page, reportPage(made));
  const { verdict, passed, failed, differ, undone } = summarise(made);
  io.log(`${verdict}; wrote ${json} and ${page}`);
  return {
    result: { report: json, page, verdict, passed, failed, differ, undone, ended: made.ended },
    ...(failed + differ > 0 && { status: 1 }),
    ...(made.ended === 'stopped' && { status: 130 }),
  };
}
