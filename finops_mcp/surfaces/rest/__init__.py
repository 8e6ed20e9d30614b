"""The tools over plain HTTP: `GET` or `POST /v1/<tool>`, described by OpenAPI, problems as JSON."""

from finops_mcp.surfaces.rest.problems import exception_handlers, problem_response
from finops_mcp.surfaces.rest.routes import routes

__all__ = ["exception_handlers", "problem_response", "routes"]
