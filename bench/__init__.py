"""How fast Throughline is, measured on this machine: `python -m bench [NAME] [--json]`. Tests do not time."""
