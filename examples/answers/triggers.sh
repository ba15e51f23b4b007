#!/usr/bin/env bash
# How is CI/CD triggered on a change of the data preparation code, and on a change of the data factory?
#
# One pipeline asks `dataops changed` what a change touches; each part has its own checks, and an environment is deployed to and tested where
# it has to be.
. "$(dirname "${BASH_SOURCE[0]}")/solution.sh"

# Holds what a change touches of the solution and of QA against what is expected of it.
expect() {
  local said
  said=$(dataops changed --base HEAD~1 --output json | "$DATAOPS_PYTHON" -c '
import json, sys
said = json.load(sys.stdin)
print(*(name for name, part in said["parts"].items() if part["changed"]), sep=",", end="; ")
print(*(word for word in ("deploy", "test") if said["environments"]["qa"][word]), sep=",")')
  dataops changed --base HEAD~1
  [ "$said" = "$1" ] || { printf 'expected %s, got %s\n' "$1" "$said" >&2; return 1; }
}

say 'The data preparation: Python is linted and tested, notebooks are deployed, the pipeline runs'
printf '\n# A comment.\n' >>notebooks/data_preparation/split.py
as_someone commit --quiet --all --message 'Preparation'
expect 'notebooks,python; deploy,test'

say 'The data factory'
sed -i.before 's/"retry": 0/"retry": 2/' adf/pipeline/data-ingestion-pipeline.json
rm adf/pipeline/*.before
as_someone commit --quiet --all --message 'Factory'
expect 'adf; deploy,test'

say 'A contract: no deployment, but the data are tested'
printf '\n# A comment.\n' >>contracts/driver-claims.odcs.yaml
as_someone commit --quiet --all --message 'Contract'
expect 'contracts; test'

say 'A page of text: nothing'
printf '\nMore.\n' >>README.md
as_someone commit --quiet --all --message 'Text'
expect '; '
