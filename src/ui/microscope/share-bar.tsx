/** A share of the largest, to both sides; what has grown beyond it fills its side. */
export function ShareBar({ share }: { readonly share: number }) {
  const width = Math.min(50, Math.abs(share) * 50);
  return (
    <svg className="adv" width="100%" height="10" aria-hidden="true">
      <rect
        className={share < 0 ? 'down' : 'up'}
        x={`${share < 0 ? 50 - width : 50}%`}
        y="1"
        width={`${width}%`}
        height="8"
      />
      <line className="zero" x1="50%" x2="50%" y1="0" y2="100%" />
    </svg>
  );
}
