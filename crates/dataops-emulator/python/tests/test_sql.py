import re

import pytest

from dataops_notebook import sql


class Paths:
    """Everything lies below one folder."""

    def locate(self, name):
        return type("Location", (), {"local": "/data" + name})()


class Reader:
    """Notes what it is asked to read."""

    def __init__(self):
        self.asked = {}

    def format(self, name):
        self.asked["format"] = name
        return self

    def option(self, name, value):
        self.asked[name] = value
        return self

    def options(self, **options):
        self.asked.update(options)
        return self

    def load(self, path):
        self.asked["path"] = path
        return self

    def createOrReplaceTempView(self, name):
        self.asked["view"] = name


class Spark:
    def __init__(self):
        self.read = Reader()


def translate(statement, spark=None):
    return sql.Translator(spark, Paths(), ["main"]).translate(statement)


def test_names_of_a_known_catalog_are_those_of_a_database():
    assert (
        translate("SELECT main.a.b, x.y.z FROM main.Sales.`or``ders`")
        == "SELECT `main__a`.b, x.y.z FROM `main__sales`.`or``ders`"
    )


def test_texts_and_comments_stay_as_they_are():
    texts = "SELECT 'it''s main.a.b', r'\\main.a.b', \"read_files(\""
    statement = f"{texts} -- main.a.b read_files('x')\n/* main.a.b */ WHERE a = 1.5"

    assert translate(statement) == statement


def test_files_are_views_of_what_their_path_shows():
    spark = Spark()

    statement = translate(
        r"SELECT * FROM read_files('/mnt/it\'s/*.csv', format => 'csv', header => true, `sep` => ';')", spark
    )

    view = spark.read.asked.pop("view")
    assert statement == f"SELECT * FROM {view}"
    assert re.fullmatch("files_[0-9a-f]{32}", view)
    expected = {
        "format": "csv",
        "inferSchema": "true",
        "header": "true",
        "sep": ";",
        "path": "file:///data/mnt/it's/*.csv",
    }
    assert spark.read.asked == expected


def test_a_path_in_backticks_is_one_of_the_cluster():
    assert translate("SELECT * FROM parquet.`/mnt/x`") == "SELECT * FROM parquet.`file:///data/mnt/x`"


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM delta.`/mnt/x`",
        "SELECT * FROM read_files(format => 'csv')",
        "SELECT * FROM read_files('x', format => 'avro')",
        "SELECT * FROM read_files('x'",
        "SELECT * FROM read_files(concat('a', 'b'))",
    ],
)
def test_what_is_lacking_says_so(statement):
    with pytest.raises(sql.NotEmulated):
        translate(statement, Spark())
