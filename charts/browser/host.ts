// A host as the protocol's authors mean it: their bridge, around a frame with an opaque origin.
import type { CallToolResult } from "@modelcontextprotocol/client";
import { AppBridge, PostMessageTransport } from "@modelcontextprotocol/ext-apps/app-bridge";
import type { McpUiHostCapabilities, McpUiHostContext } from "@modelcontextprotocol/ext-apps/app-bridge";

export interface Told {
  sizes: { width?: number; height?: number }[];
  calls: { name: string; arguments?: Record<string, unknown> | undefined }[];
  files: string[];
  context: string[];
}

export interface Shown {
  capabilities: McpUiHostCapabilities;
  context: McpUiHostContext;
  arguments: Record<string, unknown>;
  /** What the tool answers; without it the tool is still running. */
  result?: CallToolResult;
  /** What a tool that the frame calls answers. */
  next?: CallToolResult;
  cancelled?: string;
}

declare global {
  interface Window {
    told: Told;
    bridge: AppBridge;
    show: (shown: Shown) => Promise<void>;
  }
}

window.told = { sizes: [], calls: [], files: [], context: [] };

window.show = async (shown) => {
  const frame = document.createElement("iframe");
  frame.setAttribute("sandbox", "allow-scripts");
  frame.title = "chart";
  frame.style.cssText = "border:0;width:100%;height:200px;display:block";
  document.body.append(frame);
  const inner = frame.contentWindow;
  if (!inner) throw new Error("The frame has no window.");

  const bridge = new AppBridge(null, { name: "test-host", version: "1.0.0" }, shown.capabilities, {
    hostContext: shown.context,
  });
  window.bridge = bridge;
  bridge.onsizechange = (size) => {
    window.told.sizes.push(size);
    if (size.height !== undefined) frame.style.height = `${size.height}px`;
  };
  bridge.oncalltool = async (call) => {
    window.told.calls.push(call);
    return shown.next ?? { content: [{ type: "text", text: "No such tool here." }], isError: true };
  };
  bridge.ondownloadfile = async ({ contents }) => {
    window.told.files.push(JSON.stringify(contents));
    return {};
  };
  bridge.onupdatemodelcontext = async ({ content }) => {
    window.told.context.push(JSON.stringify(content));
    return {};
  };
  const ready = new Promise<void>((resolve) => {
    bridge.oninitialized = () => resolve();
  });
  await bridge.connect(new PostMessageTransport(inner, inner));
  frame.src = "http://app.test/charts.html";
  await ready;
  await bridge.sendToolInput({ arguments: shown.arguments });
  if (shown.cancelled !== undefined) await bridge.sendToolCancelled({ reason: shown.cancelled });
  if (shown.result) await bridge.sendToolResult(shown.result);
};
