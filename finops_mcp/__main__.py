"""`python -m finops_mcp` is the command line."""

from finops_mcp.app import main

main()
