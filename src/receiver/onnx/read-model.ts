/**
 * Reads the description in an .onnx file: versions, operators, inputs and outputs with their shapes. Of the weights it reads only
 * lengths, so a file needs no memory beyond its own bytes. Field numbers are those of onnx.proto.
 */
import {
  type Field,
  type FieldBudget,
  fieldsOf,
  messageOf,
  numberOf,
  numbersOf,
  textOf,
  WireError,
} from './protobuf-reader.ts';

/** An input or output of the graph; a dimension without a fixed size is null. */
export interface ReadValue {
  readonly name: string;
  /** Number of the element type (TensorProto.DataType), or 0 if the value is not a tensor. */
  readonly element: number;
  /** Null where no shape is given. */
  readonly shape: readonly (number | null)[] | null;
}

export interface ReadTensor {
  readonly name: string;
  readonly element: number;
  readonly shape: readonly number[];
  /** Bytes of it in this file. */
  readonly bytes: number;
  /** Whether its values are in another file. */
  readonly external: boolean;
}

export interface ReadModel {
  readonly irVersion: number;
  readonly producer: string;
  /** Version of each operator set by its domain; the standard one is ''. */
  readonly opsets: ReadonlyMap<string, number>;
  /** `domain:operator`, or just the operator in the standard domain. */
  readonly operators: ReadonlySet<string>;
  readonly domains: ReadonlySet<string>;
  readonly nodes: number;
  readonly tensors: readonly ReadTensor[];
  readonly inputs: readonly ReadValue[];
  readonly outputs: readonly ReadValue[];
}

/** Limits that no real decoder reaches. */
const MOST = {
  ...{ nodes: 200_000, tensors: 20_000, values: 20_000, depth: 6, rank: 8 },
  /** In all messages together. */
  fields: 4_000_000,
} as const;

interface Draft {
  irVersion: number;
  producer: string;
  opsets: Map<string, number>;
  operators: Set<string>;
  domains: Set<string>;
  nodes: number;
  tensors: ReadTensor[];
  inputs: ReadValue[];
  outputs: ReadValue[];
  graphs: number;
  readonly budget: FieldBudget;
}

function count(list: { length: number } | number, most: number, what: string): void {
  const length = typeof list === 'number' ? list : list.length;
  if (length > most) throw new WireError(`has more than ${most} ${what}`);
}

/** Reads a file. @throws WireError if it is not an ONNX file, or is cut off */
export function readModel(file: Uint8Array): ReadModel {
  const draft: Draft = {
    irVersion: 0,
    producer: '',
    opsets: new Map(),
    operators: new Set(),
    domains: new Set(),
    nodes: 0,
    tensors: [],
    inputs: [],
    outputs: [],
    graphs: 0,
    budget: { left: MOST.fields },
  };
  for (const field of fieldsOf(file, draft.budget)) {
    if (field.number === 1) draft.irVersion = numberOf(field);
    else if (field.number === 2) draft.producer = textOf(field);
    else if (field.number === 7) {
      draft.graphs += 1;
      readGraph(messageOf(field), draft, 0);
    } else if (field.number === 8) readOpset(messageOf(field), draft);
    else if (field.number === 25) readFunction(messageOf(field), draft);
  }
  if (draft.graphs !== 1) throw new WireError('holds no graph');
  return draft;
}

function standard(domain: string): string {
  return domain === 'ai.onnx' ? '' : domain;
}

function readOpset(bytes: Uint8Array, draft: Draft): void {
  let domain = '';
  let version = 0;
  for (const field of fieldsOf(bytes, draft.budget)) {
    if (field.number === 1) domain = standard(textOf(field));
    else if (field.number === 2) version = numberOf(field);
  }
  draft.opsets.set(domain, version);
  count(draft.opsets.size, 100, 'operator sets');
}

/** A function of the model's own counts as an operator of its domain. */
function readFunction(bytes: Uint8Array, draft: Draft): void {
  for (const field of fieldsOf(bytes, draft.budget)) {
    if (field.number === 10) draft.domains.add(standard(textOf(field)));
    else if (field.number === 7) readNode(messageOf(field), draft, 0);
  }
}

/** @param depth 0 for the main graph; graphs inside operators have their own inputs and outputs, which do not count */
function readGraph(bytes: Uint8Array, draft: Draft, depth: number): void {
  if (depth > MOST.depth) throw new WireError(`has graphs ${depth} deep in one another`);
  for (const field of fieldsOf(bytes, draft.budget)) {
    if (field.number === 1) readNode(messageOf(field), draft, depth);
    else if (field.number === 5) {
      draft.tensors.push(readTensor(messageOf(field), draft.budget));
      count(draft.tensors, MOST.tensors, 'tensors');
    } else if (field.number === 15) throw new WireError('has sparse tensors');
    else if (depth === 0 && (field.number === 11 || field.number === 12)) {
      const list = field.number === 11 ? draft.inputs : draft.outputs;
      list.push(readValue(messageOf(field), draft.budget));
      count(list, MOST.values, 'inputs or outputs');
    }
  }
}

function readNode(bytes: Uint8Array, draft: Draft, depth: number): void {
  let operator = '';
  let domain = '';
  for (const field of fieldsOf(bytes, draft.budget)) {
    if (field.number === 4) operator = textOf(field);
    else if (field.number === 7) domain = standard(textOf(field));
    else if (field.number === 5) readAttribute(messageOf(field), draft, depth);
  }
  if (operator === '') throw new WireError('has a node without an operator');
  draft.operators.add(domain === '' ? operator : `${domain}:${operator}`);
  draft.domains.add(domain);
  draft.nodes += 1;
  count(draft.nodes, MOST.nodes, 'nodes');
}

/** Attributes may hold tensors (5, 10) and graphs (6, 11). */
function readAttribute(bytes: Uint8Array, draft: Draft, depth: number): void {
  for (const field of fieldsOf(bytes, draft.budget)) {
    if (field.number === 6 || field.number === 11) readGraph(messageOf(field), draft, depth + 1);
    else if (field.number === 5 || field.number === 10) {
      draft.tensors.push(readTensor(messageOf(field), draft.budget));
      count(draft.tensors, MOST.tensors, 'tensors');
    }
  }
}

function readTensor(bytes: Uint8Array, budget: FieldBudget): ReadTensor {
  const shape: number[] = [];
  let element = 0;
  let name = '';
  let held = 0;
  let external = false;
  for (const field of fieldsOf(bytes, budget)) {
    if (field.number === 1) shape.push(...numbersOf(field, MOST.rank + 1));
    else if (field.number === 2) element = numberOf(field);
    else if (field.number === 8) name = textOf(field);
    else if (field.number === 13) external = true;
    else if (field.number === 14) external ||= numberOf(field) === 1;
    else if ([4, 5, 6, 7, 9, 10, 11].includes(field.number)) held += field.bytes?.length ?? 1;
  }
  count(shape, MOST.rank, `dimensions in the tensor ${JSON.stringify(name.slice(0, 80))}`);
  return { name, element, shape, bytes: held, external };
}

function readValue(bytes: Uint8Array, budget: FieldBudget): ReadValue {
  let name = '';
  let element = 0;
  let shape: (number | null)[] | null = null;
  for (const field of fieldsOf(bytes, budget)) {
    if (field.number === 1) name = textOf(field);
    else if (field.number === 2) {
      for (const type of fieldsOf(messageOf(field), budget)) {
        if (type.number !== 1) continue;
        for (const part of fieldsOf(messageOf(type), budget)) {
          if (part.number === 1) element = numberOf(part);
          else if (part.number === 2) shape = readShape(part, budget);
        }
      }
    }
  }
  return { name, element, shape };
}

function readShape(field: Field, budget: FieldBudget): (number | null)[] {
  const shape: (number | null)[] = [];
  for (const { number, bytes } of fieldsOf(messageOf(field), budget)) {
    if (number !== 1 || bytes === null) continue;
    let size: number | null = null;
    for (const part of fieldsOf(bytes, budget)) if (part.number === 1) size = numberOf(part);
    shape.push(size);
    count(shape, MOST.rank, 'dimensions in a value');
  }
  return shape;
}
