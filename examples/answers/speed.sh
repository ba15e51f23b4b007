#!/usr/bin/env bash
# How is CI/CD made faster?
#
# Nothing is installed but one program; faults are found before a cloud is asked; what a change does not touch is left out; what is already
# there is not written; and nothing is built twice.
. "$(dirname "${BASH_SOURCE[0]}")/solution.sh"
start_azure

say 'Everything that can be known offline, first'
time dataops validate --no-python-lint

say 'One build for all environments'
dataops build --out out/bundle
dataops build --verify out/bundle

say 'The first deployment writes everything'
time dataops deploy --env qa --bundle out/bundle

say 'The second one has nothing to write, and stops no trigger'
time dataops deploy --env qa --bundle out/bundle
dataops plan --env qa --bundle out/bundle --exit-code

say 'One changed activity is one written pipeline'
sed -i.before 's/"retry": 0/"retry": 2/' adf/pipeline/data-ingestion-pipeline.json
rm adf/pipeline/*.before
as_someone commit --quiet --all --message 'Try twice'
ends_with 1 dataops plan --env qa --exit-code
