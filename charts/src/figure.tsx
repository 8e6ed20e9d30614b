// A drawing that pointer, touch and keyboard can read mark by mark, with its heading and total.
import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { cents, signed } from "./amounts.ts";
import type { Panel } from "./answer.ts";
import { Bars } from "./bars.tsx";
import { Columns } from "./columns.tsx";
import { Tip } from "./tip.tsx";
import { markLines, markName, partLines } from "./words.ts";

export interface DrawingProps {
  panel: Panel;
  width: number;
  active: number;
  setActive: (at: number) => void;
}

interface Props {
  panel: Panel;
  /** Whether its heading says more than that of the whole. */
  titled: boolean;
  children: ComponentChildren;
}

export function Figure({ panel, titled, children }: Props) {
  const plot = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  const [active, setActive] = useState(-1);
  useEffect(() => setActive(-1), [panel]);
  useLayoutEffect(() => {
    const element = plot.current;
    if (!element) return;
    const measure = () => {
      const { paddingLeft, paddingRight } = getComputedStyle(element);
      setWidth(element.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight));
    };
    const watch = new ResizeObserver(measure);
    watch.observe(element);
    measure();
    return () => watch.disconnect();
  }, []);

  function press(event: KeyboardEvent): void {
    const to = moved(event.key, active, panel.marks.length);
    if (to === null) return;
    event.preventDefault();
    setActive(to);
  }

  const mark = panel.marks[active];
  const said = mark ? `${markName(panel, mark)}: ${[...markLines(panel, mark), ...partLines(panel, mark)].join(", ")}` : "";
  const Drawing = panel.kind === "columns" ? Columns : Bars;
  return (
    <figure class="panel">
      <figcaption>
        {titled && <h2>{panel.heading}</h2>}
        <Total panel={panel} />
      </figcaption>
      <div
        class={`plot ${panel.kind}`}
        ref={plot}
        tabIndex={0}
        role="application"
        aria-roledescription="chart"
        aria-label={`${panel.heading}, ${panel.marks.length} marks, ${cents(panel.total)} ${panel.currency}. Arrow keys read them; a table follows.`}
        onKeyDown={press}
        onPointerLeave={() => setActive(-1)}
        onBlur={() => setActive(-1)}
      >
        <div aria-hidden="true">
          {width > 0 && <Drawing panel={panel} width={width} active={active} setActive={setActive} />}
          {mark && panel.kind === "columns" && <Tip panel={panel} mark={mark} plot={plot} active={active} />}
        </div>
      </div>
      <p class="unseen" aria-live="polite">
        {said}
      </p>
      {children}
    </figure>
  );
}

/** Find the mark that a key leads to; nothing for a key that leads nowhere. */
function moved(key: string, from: number, count: number): number | null {
  switch (key) {
    case "ArrowRight":
    case "ArrowDown":
      return Math.min(from + 1, count - 1);
    case "ArrowLeft":
    case "ArrowUp":
      return from < 0 ? count - 1 : Math.max(from - 1, 0);
    case "Home":
      return 0;
    case "End":
      return count - 1;
    case "Escape":
      return -1;
    default:
      return null;
  }
}

function Total({ panel }: { panel: Panel }) {
  const { total, currency, before, after, change } = panel;
  const size = cents(total).length > 14 ? "long" : "";
  if (panel.kind === "waterfall") {
    return (
      <p class="total">
        <strong class={size}>{signed(total)}</strong> {currency}
        {before !== undefined && after !== undefined && (
          <span>
            from {cents(before)} to {cents(after)}
          </span>
        )}
      </p>
    );
  }
  if (panel.measure === "change") return null;
  return (
    <p class="total">
      <strong class={size}>{cents(total)}</strong> {currency}
      {change !== undefined && before !== undefined && (
        <span>
          {signed(change)} from {cents(before)} in the span before
        </span>
      )}
    </p>
  );
}
