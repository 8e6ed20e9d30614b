// The look of the host: its theme, style variables, fonts and insets; without them that of the system.
import type { McpUiHostContext } from "@modelcontextprotocol/ext-apps";

export function applyLook(context: McpUiHostContext): void {
  const root = document.documentElement;
  if (context.theme) root.style.colorScheme = context.theme;
  for (const [name, value] of Object.entries(context.styles?.variables ?? {})) {
    if (value !== undefined && name.startsWith("--")) root.style.setProperty(name, value);
  }
  const insets = context.safeAreaInsets;
  if (insets) {
    root.style.padding = `${insets.top}px ${insets.right}px ${insets.bottom}px ${insets.left}px`;
  }
  const fonts = context.styles?.css?.fonts;
  if (fonts && document.getElementById("host-fonts")?.textContent !== fonts) {
    const style = document.getElementById("host-fonts") ?? document.createElement("style");
    style.id = "host-fonts";
    style.textContent = fonts;
    document.head.append(style);
  }
}
