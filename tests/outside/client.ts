// What a host that is built on the TypeScript client receives of our server, as one JSON object on standard output.
//
// node client.ts ERA URL          over streamable HTTP
// node client.ts ERA COMMAND ...  over standard input and output
//
// ERA is `default` (what the client does when it is told nothing) or a protocol revision, which is then demanded.

import { Client, type ClientOptions, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { SkillsClient } from "@modelcontextprotocol/client/ext/skills";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";

const [era, target, ...words] = process.argv.slice(2);
if (era === undefined || target === undefined) throw new Error("usage: client.ts ERA URL|COMMAND [WORD ...]");

const options: ClientOptions = era === "default" ? {} : { versionNegotiation: { mode: { pin: era } } };
const transport = target.startsWith("http")
  ? new StreamableHTTPClientTransport(new URL(target))
  : new StdioClientTransport({ command: target, args: words });

const client = new Client(
  { name: "outside-check", version: "1" },
  { ...options, capabilities: { elicitation: { form: {} } } },
);
const asked: string[] = [];
client.setRequestHandler("elicitation/create", async (request) => {
  asked.push(request.params.message);
  return { action: "accept", content: { proceed: true } };
});
await client.connect(transport);
try {
  // Listing the tools first has the client check every structured answer against its output schema.
  const tools = (await client.listTools()).tools;
  const prompts = (await client.listPrompts()).prompts;
  const resources = (await client.listResources()).resources;
  const templates = (await client.listResourceTemplates()).resourceTemplates;

  const progress: [number, number | undefined][] = [];
  const refresh = (arguments_: Record<string, unknown>) =>
    client.callTool(
      { name: "refresh_data", arguments: arguments_ },
      { onprogress: (p) => progress.push([p.progress, p.total]) },
    );
  let refreshed = await refresh({});
  const refused = refreshed.isError ? refreshed.content : [];
  if (refreshed.isError) refreshed = await refresh({ download_up_to_gb: 1 });
  const status = await client.callTool({ name: "data_status", arguments: {} });
  const cost = await client.callTool({ name: "cost_by", arguments: { dimension: ["service_code"] } });
  const wrong = await client.callTool({ name: "cost_by", arguments: { metrik: "billed_cost" } });

  const ref = { type: "ref/resource", uri: "costs://months/{month}" } as const;
  const completed = await client.complete({ ref, argument: { name: "month", value: "2026" } });
  const read = await client.readResource({ uri: "costs://status" });
  const prompt = await client.getPrompt({ name: "monthly_review", arguments: { month: "2026-01" } });

  const skills = new SkillsClient(client);
  const verified: Record<string, boolean> = {};
  for (const skill of skills.supported ? (await skills.list()).skills : []) {
    verified[skill.uri] = (await skills.read(skill)).verified;
  }

  const seen = {
    protocol: client.getNegotiatedProtocolVersion(),
    server: client.getServerVersion()?.name,
    instructions: client.getInstructions()?.length,
    tools: tools.filter((t) => t.outputSchema !== undefined).map((t) => t.name),
    prompts: prompts.map((p) => p.name),
    resources: resources.map((r) => r.uri),
    templates: templates.map((t) => t.uriTemplate),
    refused,
    refreshed,
    progress,
    asked,
    status,
    cost,
    wrong,
    completed: completed.completion.values,
    read: read.contents,
    prompt: prompt.messages,
    skills: verified,
  };
  process.stdout.write(JSON.stringify(seen));
} finally {
  await client.close();
}
