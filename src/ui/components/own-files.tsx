import { Icon } from './icon.tsx';

/** What a person brings to have a receiver of their own. */
export const OWN_FILES =
  'a decoder with its cache (.onnx) and its tokenizer.json, chosen together or dropped on the page. Nothing leaves this device.';

/** Chooses the files of a model of one's own, a receiver's where nothing else is said; the same ones may be chosen again. */
export function OwnFiles(props: {
  readonly label: string;
  readonly title?: string;
  /** Endings of the files, with commas between. */
  readonly accept?: string;
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
        accept={props.accept ?? '.onnx,.json'}
        onChange={(event) => {
          props.onFiles([...(event.target.files ?? [])]);
          event.target.value = '';
        }}
      />
    </label>
  );
}
