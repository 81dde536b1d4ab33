/**
 * A checkpoint: everything that a run needs to continue with the same bits, as bytes. It consists of a head (JSON: which run this is,
 * and the SHA-256 of every part) and parts (flat buffers as safetensors files, and state in other forms). The caller decides where
 * they are stored: write the parts first and the head last, so that an interrupted write leaves the older checkpoint intact. No part
 * of a checkpoint is used before all of it has been checked.
 */
import { BatonError, badFile } from '../errors.ts';
import { type FileReader, sha256Hex } from '../model/load.ts';
import { decodeTensor, parseSafetensors, writeSafetensors } from '../model/safetensors.ts';
import { canonicalJson } from '../rl/experiment/canonical.ts';
import { diffExperiments } from '../rl/experiment/change.ts';
import { type Experiment, parseExperiment } from '../rl/experiment/schema.ts';
import type { StateData, StateFiles } from '../rl/run/state.ts';
import { isShallow } from '../untrusted.ts';

/** Version of the head's format. */
const VERSION = 1;
/** Most bytes of a head; real ones are far smaller. */
const MAX_HEAD_BYTES = 2 ** 20;
/** Allowed names of parts: safe as file names on every system. */
const PART_NAME = /^[a-z0-9][a-z0-9._-]{0,100}$/;

/** A run at a step boundary. */
export interface Checkpoint {
  /** Steps done. */
  readonly step: number;
  /** With the settings in force at this step. */
  readonly experiment: Experiment;
  /** The build and adapter that made it. Only the same ones continue with the same bits. */
  readonly build: string;
  readonly adapter: string;
  /** SHA-256 of the model.safetensors that the run started from, which is also the frozen reference. */
  readonly policyHash: string;
  /** The state of everything that learns, by name. */
  readonly files: StateFiles;
  /** Numbers that the caller keeps: tokens seen so far, lengths of its record files. */
  readonly notes?: Readonly<Record<string, number>>;
}

/** A checkpoint as bytes. */
export interface EncodedCheckpoint {
  /** The contents of `state.json`. */
  readonly head: Uint8Array;
  /** By file name; the names differ from step to step. */
  readonly parts: ReadonlyMap<string, Uint8Array>;
}

/** What a checkpoint must match before a run may continue from it. */
export interface Expected {
  readonly experiment: Experiment;
  readonly policyHash: string;
  /** Floats of every flat buffer that the run has, by name (`learnerFiles`). */
  readonly buffers: ReadonlyMap<string, number>;
}

interface Part {
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
}

interface Head {
  readonly version: typeof VERSION;
  readonly step: number;
  readonly experiment: Experiment;
  readonly build: string;
  readonly adapter: string;
  readonly policy_hash: string;
  readonly notes: Readonly<Record<string, number>>;
  /** Flat buffers, each in a safetensors file. */
  readonly buffers: Readonly<Record<string, Part>>;
  /** State in other forms. */
  readonly files: Readonly<Record<string, Part>>;
}

const REMEDY = 'Nothing was loaded and nothing was changed. Start the run anew, or use a copy.';

function bad(part: string, why: string): BatonError {
  return badFile(`checkpoint: ${part}`, `The checkpoint's ${part} ${why}`, REMEDY);
}

/** SHA-256 of the head without its own hash, over its canonical JSON. */
function headHash(head: Head): Promise<string> {
  return sha256Hex(new TextEncoder().encode(canonicalJson(head)));
}

/** Turns a checkpoint into bytes; equal checkpoints give equal bytes. @throws RangeError for a part name that is no file name */
export async function encodeCheckpoint(checkpoint: Checkpoint): Promise<EncodedCheckpoint> {
  const { step, experiment, build, adapter, policyHash } = checkpoint;
  const parts = new Map<string, Uint8Array>();
  const add = async (name: string, bytes: Uint8Array, ending = ''): Promise<Part> => {
    const file = `${name}-${String(step).padStart(6, '0')}${ending}`;
    if (!PART_NAME.test(file)) throw new RangeError(`${name} cannot be the name of a part`);
    parts.set(file, bytes);
    return { file, bytes: bytes.length, sha256: await sha256Hex(bytes) };
  };
  const buffers: Record<string, Part> = {};
  const files: Record<string, Part> = {};
  for (const [name, data] of checkpoint.files) {
    if (data instanceof Float32Array) {
      const bytes = writeSafetensors([{ name, shape: [data.length], data }]);
      buffers[name] = await add(name, bytes, '.safetensors');
    } else files[name] = await add(`file.${name}`, data);
  }
  const head: Head = {
    version: VERSION,
    step,
    experiment,
    build,
    adapter,
    policy_hash: policyHash,
    notes: checkpoint.notes ?? {},
    buffers,
    files,
  };
  const text = JSON.stringify({ ...head, sha256: await headHash(head) }, null, 2);
  return { head: new TextEncoder().encode(`${text}\n`), parts };
}

type Json = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isPart(value: unknown): value is Part {
  return (
    isObject(value) &&
    typeof value.file === 'string' &&
    PART_NAME.test(value.file) &&
    Number.isSafeInteger(value.bytes) &&
    typeof value.sha256 === 'string'
  );
}

/**
 * Reads a head and checks it against its own hash: it says which parts there are, and of which run. A caller may use it to
 * identify a saved run before loading it, and to delete parts that it does not name.
 * @throws BatonError BadFile
 */
export async function readHead(bytes: Uint8Array): Promise<Head> {
  if (bytes.length > MAX_HEAD_BYTES) throw bad('head', `has ${bytes.length} bytes`);
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw bad('head', 'is cut off or not JSON');
  }
  if (!isShallow(json)) throw bad('head', 'is nested too deeply');
  if (!isObject(json)) throw bad('head', 'is not an object');
  if (json.version !== VERSION) {
    throw bad('head', `is of version ${JSON.stringify(json.version)}; this build reads ${VERSION}`);
  }
  const { sha256, ...rest } = json;
  if (sha256 !== (await headHash(rest as unknown as Head))) throw bad('head', 'was altered');
  const { step, notes, buffers, files, build, adapter, policy_hash: policyHash } = rest;
  const parsed = parseExperiment(rest.experiment);
  const sound =
    Number.isSafeInteger(step) &&
    (step as number) >= 0 &&
    isObject(notes) &&
    Object.values(notes).every(Number.isFinite) &&
    isObject(buffers) &&
    Object.values(buffers).every(isPart) &&
    isObject(files) &&
    Object.values(files).every(isPart) &&
    [build, adapter, policyHash].every((text) => typeof text === 'string');
  if (!sound) throw bad('head', 'does not have the form of a checkpoint');
  if (!parsed.ok) {
    throw bad('experiment', `is not one of this build: ${parsed.problems[0]?.message}`);
  }
  return { ...(rest as unknown as Head), experiment: parsed.experiment };
}

/**
 * Checks that a run may continue under this experiment. Only `steps` may differ, and may only grow. If the learning rate falls
 * towards the last step, not even `steps` may differ, because the steps already done depend on it.
 * @throws BatonError BadConfig naming the setting that differs
 */
export function checkContinues(saved: Experiment, wanted: Experiment): void {
  const refuse = (field: string, message: string) =>
    new BatonError({
      kind: 'BadConfig',
      field,
      message,
      remedy: 'Nothing was changed. Continue with the saved experiment, or start a new run.',
    });
  const [other] = diffExperiments(saved, wanted).filter(({ path }) => path !== 'steps');
  if (other) {
    const { path, from, to } = other;
    const shown = (value: unknown) => JSON.stringify(value)?.slice(0, 80);
    throw refuse(path, `${path} is ${shown(to)}, the saved run has ${shown(from)}`);
  }
  if (wanted.steps < saved.steps) {
    throw refuse(
      'steps',
      `steps is ${wanted.steps}, the saved run has ${saved.steps}: it may only grow`,
    );
  }
  const schedule = saved.method.lr_scheduler_type;
  if (wanted.steps !== saved.steps && (schedule === 'linear' || schedule === 'cosine')) {
    throw refuse(
      'steps',
      `steps is ${wanted.steps}, the saved run has ${saved.steps}: with the schedule ${schedule} the steps already done depend on it`,
    );
  }
}

/**
 * Reads a checkpoint back.
 * @param read gives the bytes of a part by its name, or null
 * @throws BatonError BadFile for a head or part that is missing, cut off or altered; BadConfig for one of another run
 */
export async function decodeCheckpoint(
  headBytes: Uint8Array,
  read: FileReader,
  expected: Expected,
): Promise<Checkpoint> {
  const head = await readHead(headBytes);
  checkContinues(head.experiment, expected.experiment);
  if (head.policy_hash !== expected.policyHash) {
    throw new BatonError({
      kind: 'BadConfig',
      field: 'policy',
      message: `The policy's weights are not those that the saved run began from (${head.policy_hash.slice(0, 12)})`,
      remedy: 'Nothing was changed. Give the same weights, or start a new run.',
    });
  }
  const load = async (name: string, { file, bytes: length, sha256 }: Part) => {
    const bytes = await read(file);
    if (bytes === null) throw bad(name, `is missing (${file})`);
    if (bytes.length !== length) throw bad(name, `has ${bytes.length} bytes of ${length}`);
    if ((await sha256Hex(bytes)) !== sha256) throw bad(name, 'was altered');
    return bytes;
  };
  const files = new Map<string, StateData>();
  for (const [name, size] of expected.buffers) {
    const part = head.buffers[name];
    if (!part) throw bad(name, 'is missing');
    const tensor = parseSafetensors(await load(name, part)).tensors.get(name);
    if (tensor?.size !== size) throw bad(name, 'is of a model of another size');
    const data = new Float32Array(size);
    decodeTensor(tensor, data);
    files.set(name, data);
  }
  for (const [name, part] of Object.entries(head.files)) files.set(name, await load(name, part));
  const { step, experiment, build, adapter, notes } = head;
  return {
    step,
    experiment,
    build,
    adapter,
    policyHash: head.policy_hash,
    files,
    notes,
  };
}
