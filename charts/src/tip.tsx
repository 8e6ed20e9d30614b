// What a mark says, beside it, within the drawing.
import type { RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { cents } from "./amounts.ts";
import type { Mark, Panel } from "./answer.ts";
import { markLines, markName, sentence } from "./words.ts";

interface Props {
  panel: Panel;
  mark: Mark;
  plot: RefObject<HTMLDivElement | null>;
  active: number;
}

export function Tip({ panel, mark, plot, active }: Props) {
  const tip = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const at = plot.current?.querySelector(`[data-cursor]`);
    if (!tip.current || !plot.current || !at) return;
    const frame = plot.current.getBoundingClientRect();
    const spot = at.getBoundingClientRect();
    const wide = tip.current.offsetWidth;
    const left = spot.left - frame.left;
    const beside = left + spot.width + 8 + wide <= frame.width ? left + spot.width + 8 : left - wide - 8;
    tip.current.style.left = `${Math.max(0, Math.min(beside, frame.width - wide))}px`;
  }, [active, panel]);
  const [amount, ...more] = markLines(panel, mark);
  return (
    <div class="tip" ref={tip}>
      <b>{sentence(markName(panel, mark))}</b>
      <span class="amount">{amount}</span>
      {more.map((line) => (
        <span key={line}>{line}</span>
      ))}
      {panel.series && (
        <ul>
          {panel.series.map((name, part) => {
            const exact = mark.parts?.[part];
            return exact ? (
              <li key={name}>
                <i class={`swatch s${part}`} />
                <span class="name">{name}</span>
                <span>{cents(exact)}</span>
              </li>
            ) : null;
          })}
        </ul>
      )}
    </div>
  );
}
