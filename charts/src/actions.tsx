// What can be done with an answer: see it as a table, copy it, keep it as a file.
import { useState } from "preact/hooks";
import type { Answer } from "./answer.ts";
import { csv } from "./csv.ts";
import type { Host } from "./host.ts";

interface Props {
  answer: Answer;
  host: Host;
  table: { shown: boolean; toggle: () => void } | null;
}

/** Offer only what this host allows: a sandbox mostly has no clipboard and no downloads of its own. */
export function Actions({ answer, host, table }: Props) {
  const [said, setSaid] = useState("");
  const rows = answer.rows.length > 0;
  const copies = rows && host.capabilities.sandbox?.permissions?.clipboardWrite !== undefined;
  const downloads = rows && host.capabilities.downloadFile !== undefined;

  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(csv(answer));
      setSaid("Copied.");
    } catch {
      setSaid("This host does not let us copy.");
    }
  }

  async function download(): Promise<void> {
    const resource = { uri: "file:///costs.csv", mimeType: "text/csv", text: csv(answer) };
    const done = await host.request("ui/download-file", { contents: [{ type: "resource", resource }] });
    setSaid(done.isError ? "Not saved." : "Saved as costs.csv.");
  }

  if (!table && !copies && !downloads) return null;
  return (
    <div class="actions">
      {table && (
        <button type="button" class="quiet" aria-pressed={table.shown} onClick={table.toggle}>
          Table
        </button>
      )}
      {copies && (
        <button type="button" class="quiet" onClick={() => void copy()}>
          Copy CSV
        </button>
      )}
      {downloads && (
        <button type="button" class="quiet" onClick={() => void download()}>
          Download CSV
        </button>
      )}
      <span role="status">{said}</span>
    </div>
  );
}
