/** Builds a graph node by node. Each operation returns the name of its output, so that code reads like the mathematics. */
import type {
  Attribute,
  Element,
  GraphSpec,
  NodeSpec,
  TensorSpec,
  ValueSpec,
} from './model-proto.ts';
import type { Part } from './protobuf.ts';

export type Attributes = Readonly<Record<string, Attribute>>;

/** Number of floats that are transposed at a time while a file is written. */
const BLOCK = 2 ** 16;

/** The bytes of floats as they are in memory, which is little-endian wherever WebGPU runs. */
export function floatData(data: Float32Array): Part {
  return {
    size: data.byteLength,
    write: (target, at) =>
      target.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at),
  };
}

/** The bytes of a row-major matrix [rows, cols], transposed to [cols, rows] without a second copy in memory. */
export function transposedData(data: Float32Array, rows: number, cols: number): Part {
  return {
    size: data.byteLength,
    write(target, at) {
      const step = Math.max(1, Math.floor(BLOCK / rows));
      const block = new Float32Array(step * rows);
      const bytes = new Uint8Array(block.buffer);
      for (let first = 0; first < cols; first += step) {
        const count = Math.min(step, cols - first);
        for (let row = 0; row < rows; row++) {
          for (let c = 0; c < count; c++) block[c * rows + row] = data[row * cols + first + c];
        }
        target.set(bytes.subarray(0, 4 * count * rows), at + 4 * first * rows);
      }
    },
  };
}

function int64Data(values: readonly number[]): Part {
  const bytes = new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
  return { size: bytes.length, write: (target, at) => target.set(bytes, at) };
}

export class GraphBuilder {
  readonly #nodes: NodeSpec[] = [];
  readonly #constants = new Map<string, TensorSpec>();
  readonly #inputs: ValueSpec[] = [];
  readonly #outputs: ValueSpec[] = [];
  #prefix = '';

  /** Prefix for the names of the nodes that follow. */
  scope(prefix: string): void {
    this.#prefix = prefix;
  }

  input(name: string, element: Element, shape: readonly (number | string)[]): string {
    this.#inputs.push({ name, element, shape });
    return name;
  }

  output(name: string, element: Element, shape: readonly (number | string)[]): void {
    this.#outputs.push({ name, element, shape });
  }

  weight(name: string, shape: readonly number[], data: Part): string {
    this.#constants.set(name, { name, element: 'float32', shape, data });
    return name;
  }

  /** A small list of whole numbers, such as a shape; equal lists share one constant. */
  ints(...values: readonly number[]): string {
    const name = `ints.${values.join('.')}`;
    this.#constants.set(name, {
      name,
      element: 'int64',
      shape: [values.length],
      data: int64Data(values),
    });
    return name;
  }

  /** A whole number without dimensions. */
  int(value: number): string {
    const name = `int.${value}`;
    this.#constants.set(name, { name, element: 'int64', shape: [], data: int64Data([value]) });
    return name;
  }

  float(value: number): string {
    const name = `float.${value}`;
    const data = floatData(Float32Array.of(value));
    this.#constants.set(name, { name, element: 'float32', shape: [], data });
    return name;
  }

  /** An operation with one output. @param output name of the output, if it matters */
  op(op: string, inputs: readonly string[], attributes: Attributes = {}, output?: string): string {
    return this.#add(op, inputs, attributes, output === undefined ? 1 : [output])[0];
  }

  /** An operation with several outputs. */
  ops(op: string, inputs: readonly string[], count: number, attributes: Attributes = {}): string[] {
    return this.#add(op, inputs, attributes, count);
  }

  #add(
    op: string,
    inputs: readonly string[],
    attributes: Attributes,
    outputs: number | readonly string[],
  ): string[] {
    const name = `${this.#prefix}/${op}_${this.#nodes.length}`;
    const names =
      typeof outputs === 'number'
        ? Array.from({ length: outputs }, (_, i) => `${name}:${i}`)
        : [...outputs];
    this.#nodes.push({ op, name, inputs, outputs: names, attributes });
    return names;
  }

  graph(name: string): GraphSpec {
    return {
      name,
      nodes: this.#nodes,
      constants: [...this.#constants.values()],
      inputs: this.#inputs,
      outputs: this.#outputs,
    };
  }
}
