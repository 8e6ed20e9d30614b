# What a developer runs; `uv run just check` is everything CI runs.

# List the recipes
default:
    @just --list

# Everything: style, types, layers, tests
check: lint test

# Style of Python and SQL, types, and the contracts between the layers
lint:
    ruff check .
    ruff format --check .
    sqlfmt --check --quiet finops_mcp tools checks
    mypy
    lint-imports

# The tests
test *ARGS:
    pytest -n auto --dist worksteal {{ARGS}}

# Put Python and SQL into the one style
format:
    ruff check --fix-only .
    ruff format .
    sqlfmt finops_mcp tools checks

# Measure, against the raw engine in the same run
bench:
    for program in ingest query startup free_sql serving cancelling commitments allocation anomalies anomalies_scale savings; do echo "== $program"; python -m "benchmarks.$program"; done

# Build the page that draws answers; what is built is committed, and ships in the wheel
charts:
    cd charts && npm ci && npm run build

# Put the table of tools into the README
readme:
    python -m finops_mcp.toolbox.catalogue README.md

# Write the list of tools as models receive it anew, after a change that is meant
golden:
    GOLDEN=write pytest -q tests/tools/test_tools_list.py

# Write the JSON schemas of an agreement's file, of budgets, of allocation, of a tag policy and of alerts anew, after a change of their models
schema:
    finops-duck agreement schema > examples/agreement.schema.json
    finops-duck budgets schema > examples/budgets.schema.json
    finops-duck allocation schema > examples/allocation.schema.json
    finops-duck tags schema > examples/tag_policy.schema.json
    finops-duck alerts schema > examples/alerts.schema.json

# Write the bundle's manifest and the registry's server.json anew, after a change of tools, prompts, settings or version
papers:
    python packaging/build.py

# Pack dist/finops-duck-VERSION.mcpb, which desktop hosts install by opening it
bundle:
    python packaging/build.py bundle

# Ask every question of the evaluation, and print how each fares and how large the answers are
evaluation:
    python -m tests.evaluation

# The checks of others, installed and run on our server
outside: install-outside
    TESTS_DEMAND=outside pytest -n auto --dist worksteal tests/outside

# Install the checks of others: Node packages beside their tests, Python tools in environments of their own
install-outside:
    cd tests/outside && npm ci --loglevel=error
    for tool in $(cat tests/outside/python_tools.txt); do uv tool run --from "$tool" python -c "" || exit 1; done

# Install the FinOps Foundation's validator of FOCUS in an environment of its own, whatever it says of our Python
install-focus-validator:
    uv venv --quiet --seed --clear .focus_validator
    .focus_validator/bin/pip install --quiet --disable-pip-version-check --no-deps --ignore-requires-python -r tests/outside/focus_validator.txt
