/** How to read what is shown, in the task's words: signs between backticks stand as code. */
export function HowToRead({ legend }: { readonly legend: string }) {
  return (
    <p className="howto small quiet">
      {legend.split('`').map((part, i) =>
        // Every second piece stands between backticks.
        // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a sentence never change
        i % 2 === 1 ? <code key={i}>{part}</code> : part,
      )}
    </p>
  );
}
