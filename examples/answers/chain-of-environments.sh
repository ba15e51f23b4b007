#!/usr/bin/env bash
# How is the solution deployed to all environments of a chain, such as QA, UAT and Prod?
#
# One bundle is built, and nothing is built again. An environment takes only what has passed in the one before it.
. "$(dirname "${BASH_SOURCE[0]}")/solution.sh"
start_azure
sample 2000

say 'Built once; the digest names what is deployed everywhere'
dataops build --out out/bundle

say 'QA: the plan, the deployment, a run, the test of its data on record'
dataops plan --env qa --bundle out/bundle
dataops deploy --env qa --bundle out/bundle

say 'UAT refuses what has not been tested in QA'
ends_with 3 dataops promote --env uat

dataops drop "$folder/driver-claims.csv" --env qa --wait
dataops test --env qa --record
dataops promote --env uat
dataops drop "$folder/driver-claims.csv" --env uat --wait
dataops test --env uat --record

say 'Prod takes the same bundle, and is tried by the smoke test of dataops.yaml'
dataops promote --env prod

say 'Who brought what where, for the audit'
dataops audit --env qa,uat,prod
