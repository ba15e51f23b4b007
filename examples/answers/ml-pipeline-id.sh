#!/usr/bin/env bash
# The factory calls a published ML pipeline by its id, which changes with each publish, and another team publishes. How does the id get into
# the factory?
#
# By its name in dataops.yaml, looked up at each deployment; and handed over by the ML team alone when it publishes in between.
. "$(dirname "${BASH_SOURCE[0]}")/solution.sh"
start_azure
variable=pipeline.data-ingestion-pipeline.variables.ml_pipeline_id.defaultValue

say 'No id stands in git, but names'
grep -n 'aml://' dataops.yaml

say 'The deployment looks the id up'
dataops build --out out/bundle
dataops deploy --env qa --bundle out/bundle

say 'The ML team publishes a new version. On a local Azure a plan does that, and shows what it would mean for the factory'
printf '\n# Another version.\n' >>ml/training/train.py
ends_with 1 dataops plan --env qa --exit-code

say 'It hands the new id over: what the name means now, and nothing else of the factory is touched'
dataops bind --env qa
dataops plan --env qa --exit-code

say 'Or an id itself'
dataops bind --env qa --set "$variable=6f0e2a9c-0000-4000-8000-00000000beef"

say 'It is on record, and the next deployment would look the name up again'
dataops audit --env qa
ends_with 1 dataops plan --env qa --bundle out/bundle --exit-code
