// The host's side of the frame: MCP Apps, JSON-RPC over postMessage.
//
// By hand, since the official App class bundles to 650 kB of validators and these are eighty lines; its types
// are used, so that a change of the protocol stops the build, and tests drive this with the official bridge.
import type { CallToolResult } from "@modelcontextprotocol/client";
import type {
  LATEST_PROTOCOL_VERSION,
  McpUiDownloadFileRequest,
  McpUiHostCapabilities,
  McpUiHostContext,
  McpUiInitializedNotification,
  McpUiInitializeRequest,
  McpUiInitializeResult,
  McpUiSizeChangedNotification,
  McpUiUpdateModelContextRequest,
} from "@modelcontextprotocol/ext-apps";

const PROTOCOL: typeof LATEST_PROTOCOL_VERSION = "2026-01-26";
const INVALID = -32601;

interface Requests {
  "ui/initialize": [McpUiInitializeRequest["params"], McpUiInitializeResult];
  "ui/download-file": [McpUiDownloadFileRequest["params"], { isError?: boolean }];
  "ui/update-model-context": [McpUiUpdateModelContextRequest["params"], object];
  "tools/call": [{ name: string; arguments: object }, CallToolResult];
}

interface Message {
  jsonrpc?: string;
  id?: number | string;
  method?: string;
  params?: unknown;
  result?: unknown;
  error?: { message: string };
}

interface Waiting {
  resolve: (result: unknown) => void;
  reject: (error: Error) => void;
}

export type Hear = (method: string, params: unknown) => void;

export class Host {
  capabilities: McpUiHostCapabilities = {};
  context: McpUiHostContext = {};
  #next = 1;
  #waiting = new Map<number | string, Waiting>();
  #hear: Hear;

  constructor(hear: Hear) {
    this.#hear = hear;
    window.addEventListener("message", (event: MessageEvent<unknown>) => {
      if (event.source === window.parent) this.#receive(event.data);
    });
  }

  async connect(): Promise<void> {
    const told = await this.request("ui/initialize", {
      protocolVersion: PROTOCOL,
      appInfo: { name: "finops-duck-charts", version: "1.0.0" },
      appCapabilities: {},
    });
    this.capabilities = told.hostCapabilities;
    this.context = told.hostContext;
    const ready: McpUiInitializedNotification["method"] = "ui/notifications/initialized";
    this.#post({ method: ready, params: {} });
  }

  request<Method extends keyof Requests>(
    method: Method,
    params: Requests[Method][0],
  ): Promise<Requests[Method][1]> {
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve: (result) => resolve(result as Requests[Method][1]), reject });
      this.#post({ id, method, params });
    });
  }

  tellSize(width: number, height: number): void {
    const method: McpUiSizeChangedNotification["method"] = "ui/notifications/size-changed";
    this.#post({ method, params: { width, height } });
  }

  #receive(data: unknown): void {
    if (typeof data !== "object" || data === null) return;
    const message = data as Message;
    if (message.jsonrpc !== "2.0") return;
    if (message.method === undefined) return this.#settle(message);
    if (message.id === undefined) return this.#hear(message.method, message.params);
    if (message.method === "ping" || message.method === "ui/resource-teardown") {
      this.#post({ id: message.id, result: {} });
    } else {
      this.#post({ id: message.id, error: { code: INVALID, message: `No method ${message.method}.` } });
    }
  }

  #settle({ id, result, error }: Message): void {
    const waiting = id === undefined ? undefined : this.#waiting.get(id);
    if (id === undefined || waiting === undefined) return;
    this.#waiting.delete(id);
    if (error) waiting.reject(new Error(error.message));
    else waiting.resolve(result);
  }

  #post(message: object): void {
    // The host's origin cannot be known from a sandbox; what is sent holds nothing it has not asked for.
    window.parent.postMessage({ jsonrpc: "2.0", ...message }, "*");
  }
}
