/**
 * ONNX messages, in the few forms that Baton's graphs use, with the field numbers of onnx.proto (github.com/onnx/onnx,
 * IR version 8): a model, its graph, nodes with attributes, weights as raw little-endian bytes, and typed inputs and outputs.
 */
import { encode, float, int, ints, message, nested, type Part, text } from './protobuf.ts';

/** Element types by onnx.proto's numbers (TensorProto.DataType). */
export const ELEMENT = { float32: 1, int64: 7, bool: 9 } as const;
export type Element = keyof typeof ELEMENT;

/** An attribute of a node: a whole number, a list of them, or a float. */
export type Attribute = number | readonly number[] | { readonly float: number };

export interface NodeSpec {
  readonly op: string;
  readonly name: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

/** A constant of the graph; `data` writes its little-endian bytes. */
export interface TensorSpec {
  readonly name: string;
  readonly element: Element;
  readonly shape: readonly number[];
  readonly data: Part;
}

/** An input or output; a dimension that may vary has a name. */
export interface ValueSpec {
  readonly name: string;
  readonly element: Element;
  readonly shape: readonly (number | string)[];
}

export interface GraphSpec {
  readonly name: string;
  readonly nodes: readonly NodeSpec[];
  readonly constants: readonly TensorSpec[];
  readonly inputs: readonly ValueSpec[];
  readonly outputs: readonly ValueSpec[];
}

export interface ModelSpec {
  readonly irVersion: number;
  readonly opset: number;
  readonly producer: string;
  readonly producerVersion: string;
  readonly description: string;
  readonly metadata: readonly (readonly [string, string])[];
  readonly graph: GraphSpec;
}

/** AttributeProto.AttributeType. */
const ATTRIBUTE = { float: 1, int: 2, ints: 7 } as const;

function attribute(name: string, value: Attribute): Part {
  if (typeof value === 'number') {
    return message([text(1, name), int(3, value), int(20, ATTRIBUTE.int)]);
  }
  if ('float' in value) {
    return message([text(1, name), float(2, value.float), int(20, ATTRIBUTE.float)]);
  }
  return message([text(1, name), ints(8, value), int(20, ATTRIBUTE.ints)]);
}

function node({ op, name, inputs, outputs, attributes }: NodeSpec): Part {
  return message([
    ...inputs.map((input) => text(1, input)),
    ...outputs.map((output) => text(2, output)),
    text(3, name),
    text(4, op),
    ...Object.entries(attributes).map(([key, value]) => nested(5, attribute(key, value))),
  ]);
}

function tensor({ name, element, shape, data }: TensorSpec): Part {
  return message([ints(1, shape), int(2, ELEMENT[element]), text(8, name), nested(9, data)]);
}

function value({ name, element, shape }: ValueSpec): Part {
  const dimensions = shape.map((size) =>
    nested(1, typeof size === 'number' ? int(1, size) : text(2, size)),
  );
  const type = message([int(1, ELEMENT[element]), nested(2, message(dimensions))]);
  return message([text(1, name), nested(2, nested(1, type))]);
}

function graph({ name, nodes, constants, inputs, outputs }: GraphSpec): Part {
  return message([
    ...nodes.map((spec) => nested(1, node(spec))),
    text(2, name),
    ...constants.map((spec) => nested(5, tensor(spec))),
    ...inputs.map((spec) => nested(11, value(spec))),
    ...outputs.map((spec) => nested(12, value(spec))),
  ]);
}

/** The bytes of an .onnx file. @throws RangeError above 2 GiB */
export function encodeModel(spec: ModelSpec): Uint8Array<ArrayBuffer> {
  return encode(
    message([
      int(1, spec.irVersion),
      text(2, spec.producer),
      text(3, spec.producerVersion),
      text(6, spec.description),
      nested(7, graph(spec.graph)),
      nested(8, message([text(1, ''), int(2, spec.opset)])),
      ...spec.metadata.map(([key, entry]) => nested(14, message([text(1, key), text(2, entry)]))),
    ]),
  );
}
