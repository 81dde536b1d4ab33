import { Icon } from './icon.tsx';

/** What a person brings to have a receiver of their own. */
export const OWN_FILES =
  'a decoder with its cache (.onnx) and its tokenizer.json, chosen together or dropped on the page. Nothing leaves this device.';

/** Chooses the files of a receiver of one's own; the same ones may be chosen again. */
export function OwnFiles(props: {
  readonly label: string;
  readonly title?: string;
  readonly onFiles: (files: File[]) => void;
}) {
  return (
    <label className="btn ownfile" title={props.title}>
      <Icon name="file" />
      {props.label}
      <input
        className="sr"
        type="file"
        multiple
        accept=".onnx,.json"
        onChange={(event) => {
          props.onFiles([...(event.target.files ?? [])]);
          event.target.value = '';
        }}
      />
    </label>
  );
}
