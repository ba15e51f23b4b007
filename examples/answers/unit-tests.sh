#!/usr/bin/env bash
# How is the code of the data preparation unit-tested?
#
# What the notebook computes is a package of functions, which need pandas and no cluster. The notebook itself runs in local Python. What code
# cannot know of real data is said by a data contract.
. "$(dirname "${BASH_SOURCE[0]}")/solution.sh"
sample 500

say 'Functions against small frames'
"$DATAOPS_PYTHON" -m pytest -q -p no:cacheprovider tests/test_columns.py tests/test_split.py tests/test_preparation.py

say 'The notebook as on a cluster: widgets, dbutils, mounts'
mkdir -p "$folder/training" "$folder/testing"
dataops notebook run notebooks/data-prepare.py -p run_id=first -p data_file_name=driver-claims.csv \
  --mount "/mnt/input=$folder" --mount "/mnt/training=$folder/training" --mount "/mnt/testing=$folder/testing"

say 'What came of it, against the contract and against the rows that went in'
dataops contract lint contracts/driver-claims.odcs.yaml
wc -l "$folder/driver-claims.csv" "$folder/training/first/train.csv" "$folder/testing/first/test.csv"

say 'A parameter that the notebook does not know is found without running anything'
sed -i.before 's/"run_id"/"run_identifier"/' adf/pipeline/data-ingestion-pipeline.json
rm adf/pipeline/*.before
ends_with 1 dataops validate --no-python-lint --fail-on warning
