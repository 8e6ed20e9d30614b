"""The doors: MCP, REST and the command line, each a thin way to ask the one toolbox."""
