/** A model as the folder that transformers.js loads: `onnx/model.onnx`, its configuration and its tokenizer. */
import { modelConfigJson } from '../../model/config.ts';
import { exportOnnx, type OnnxExport, type OnnxExportOptions } from './export-onnx.ts';

export interface OnnxFolderSource extends OnnxExport {
  /** The tokenizer files of the model, copied unchanged; if left out, the folder has none. */
  readonly tokenizerJson?: Uint8Array;
  readonly tokenizerConfig?: Uint8Array;
  /** The model's own config.json, copied unchanged; by default one is made of the layout. */
  readonly configJson?: Uint8Array;
}

function jsonText(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/**
 * Files by their path in the folder, ready for `AutoModelForCausalLM.from_pretrained(folder, { dtype: 'fp32' })`.
 * @throws BadConfig as `exportOnnx`
 */
export function onnxFolder(
  source: OnnxFolderSource,
  options: OnnxExportOptions = {},
): Map<string, Uint8Array | string> {
  const { config } = source.layout;
  const { bos_token_id, eos_token_id, pad_token_id } = config;
  const files = new Map<string, Uint8Array | string>([
    ['onnx/model.onnx', exportOnnx(source, options)],
    ['config.json', source.configJson ?? jsonText(modelConfigJson(config))],
    ['generation_config.json', jsonText({ bos_token_id, eos_token_id, pad_token_id })],
  ]);
  if (source.tokenizerJson) {
    files.set('tokenizer.json', source.tokenizerJson);
    files.set(
      'tokenizer_config.json',
      source.tokenizerConfig ?? jsonText({ tokenizer_class: 'PreTrainedTokenizerFast' }),
    );
  }
  return files;
}
