// Connects to the host, and shows what it sends.
import { render } from "preact";
import { App } from "./app.tsx";
import { Host } from "./host.ts";
import { applyLook } from "./theme.ts";
import { type View, received } from "./view.ts";
import "./style.css";

const root = document.getElementById("app") as HTMLElement;
let view: View = { kind: "waiting", asked: "" };

function show(): void {
  render(<App view={view} host={host} />, root);
}

const host = new Host((method, params) => {
  if (method === "ui/notifications/host-context-changed") {
    host.context = { ...host.context, ...(params as object) };
    applyLook(host.context);
  } else {
    view = received(view, method, params);
  }
  show();
});

show();
if (window.parent !== window) {
  new ResizeObserver(() => {
    const { width, height } = document.documentElement.getBoundingClientRect();
    host.tellSize(Math.ceil(width), Math.ceil(height));
  }).observe(document.documentElement);
  await host.connect();
  applyLook(host.context);
  show();
}
