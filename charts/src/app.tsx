// One answer: what it says, the drawing, its data, what it covers, and what to ask next.
import { useEffect, useState } from "preact/hooks";
import type { NextStep } from "./answer.ts";
import { Actions } from "./actions.tsx";
import type { Host } from "./host.ts";
import { Figure } from "./figure.tsx";
import { AnswerTable, PanelTable } from "./table.tsx";
import { type View, viewOf } from "./view.ts";
import { basisLine } from "./words.ts";

type Shown = Extract<View, { kind: "answer" }>;

export function App({ view, host }: { view: View; host: Host }) {
  const [trail, setTrail] = useState<View[]>([]);
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState("");
  useEffect(() => setTrail([]), [view]);
  const shown = trail.at(-1) ?? view;

  async function ask(step: NextStep): Promise<void> {
    setBusy(true);
    setTrouble("");
    try {
      const next = viewOf(await host.request("tools/call", { name: step.tool, arguments: step.arguments }));
      if (next.kind === "text" && next.failed) setTrouble(next.text);
      else setTrail((before) => [...before, next]);
      if (next.kind === "answer" && host.capabilities.updateModelContext) {
        const text = `Now on screen, from ${step.tool} ${JSON.stringify(step.arguments)}: ${next.answer.summary}`;
        await host.request("ui/update-model-context", { content: [{ type: "text", text }] });
      }
    } catch (error) {
      setTrouble(error instanceof Error ? error.message : String(error));
    } finally {
      setBusy(false);
    }
  }

  return (
    <article class="card" aria-busy={busy}>
      {trail.length > 0 && (
        <button type="button" class="quiet back" onClick={() => setTrail(trail.slice(0, -1))}>
          <span aria-hidden="true">←</span> Back
        </button>
      )}
      <Body view={shown} host={host} busy={busy} ask={ask} />
      {trouble && (
        <p class="trouble" role="alert">
          {trouble}
        </p>
      )}
    </article>
  );
}

interface BodyProps {
  view: View;
  host: Host;
  busy: boolean;
  ask: (step: NextStep) => Promise<void>;
}

function Body({ view, host, busy, ask }: BodyProps) {
  if (view.kind === "waiting") {
    return (
      <div class="waiting" role="status">
        <h1 class="unseen">Chart</h1>
        <div class="ghost" aria-hidden="true">
          {[46, 72, 58, 90, 64, 80, 38].map((height) => (
            <i key={height} style={{ height: `${height}%` }} />
          ))}
        </div>
        <p>Waiting for the answer{view.asked && `: ${view.asked}`}</p>
      </div>
    );
  }
  if (view.kind === "cancelled") {
    return <h1 class="said">The question was stopped{view.reason && `: ${view.reason}`}. Nothing was drawn.</h1>;
  }
  if (view.kind === "text") {
    return (
      <>
        <h1 class="unseen">{view.failed ? "Not answered" : "Answer"}</h1>
        <p class={view.failed ? "trouble" : "words"}>{view.text}</p>
      </>
    );
  }
  return <Shown view={view} host={host} busy={busy} ask={ask} />;
}

function Shown({ view, host, busy, ask }: BodyProps & { view: Shown }) {
  const { answer, chart } = view;
  const [asTable, setAsTable] = useState(false);
  useEffect(() => setAsTable(false), [view]);
  const open = host.capabilities.serverTools !== undefined;
  return (
    <>
      <header>
        {chart ? (
          <>
            <h1>{chart.title}</h1>
            <p class={chart.complete ? "period" : "period open"}>{chart.period}</p>
            <p class="summary">{answer.summary}</p>
          </>
        ) : (
          <h1 class="said">{answer.summary}</h1>
        )}
      </header>
      {chart?.panels.map((panel, at) => (
        <Figure key={at} panel={panel} titled={panel.heading !== chart.title}>
          <PanelTable panel={panel} shown={asTable} />
        </Figure>
      ))}
      {!chart && answer.rows.length > 0 && <AnswerTable answer={answer} />}
      {answer.caveats.length > 0 && (
        <ul class="caveats" aria-label="Caveats">
          {answer.caveats.map((caveat) => (
            <li key={caveat}>{caveat}</li>
          ))}
        </ul>
      )}
      {answer.basis && <p class="basis">{basisLine(answer.basis)}</p>}
      <Actions
        answer={answer}
        host={host}
        table={chart ? { shown: asTable, toggle: () => setAsTable(!asTable) } : null}
      />
      {open && answer.next.length > 0 && (
        <nav class="next" aria-label="Questions that would follow">
          {answer.next.map((step) => (
            <button type="button" key={step.why} disabled={busy} onClick={() => void ask(step)}>
              <span>{step.why.slice(0, 1).toUpperCase() + step.why.slice(1)}</span>
              <span class="arrow" aria-hidden="true">
                →
              </span>
            </button>
          ))}
        </nav>
      )}
    </>
  );
}
