/** The right column: the answers of the run. */
export function SamplesPane() {
  return <aside className="samples" aria-label="Samples" />;
}
