#!/usr/bin/env bash
# Is the ingestion pipeline run in Prod after a deployment, and if so, how?
#
# Not on production data, and not with a training: one small file in folders of its own goes through the pipeline that archives, within
# limits; what it wrote is tested and removed; and what was there before comes back where that is asked for.
. "$(dirname "${BASH_SOURCE[0]}")/solution.sh"
start_azure
dataops build --out out/bundle

say 'The deployment is followed by the smoke test that dataops.yaml gives to Prod'
grep -n 'smoke:' dataops.yaml
dataops deploy --env prod --bundle out/bundle --override 'nothing has passed before: this shows the smoke test alone'

say 'Again, without a deployment'
dataops smoke --env prod

say 'No training has begun: the one pipeline that ran is the one that archives'
dataops runs list --env prod
ends_with 1 grep -q data-ingestion-pipeline <(dataops runs list --env prod)

say 'What the deployment has left needs nothing more'
dataops plan --env prod --bundle out/bundle --exit-code
dataops drift --env prod
