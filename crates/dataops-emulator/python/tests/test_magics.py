import pytest

from dataops_notebook import errors, magics


def compiled(text):
    return compile(text, "cell", "exec")


def test_run_arguments_are_a_path_and_values():
    assert magics.run_arguments('"./my lib" $a="x y" $b=1') == ("./my lib", {"a": "x y", "b": "1"})


@pytest.mark.parametrize("line", ["", '"open', "./x word"])
def test_run_arguments_that_make_no_sense_are_refused(line):
    with pytest.raises(errors.IllegalArgument):
        magics.run_arguments(line)


def test_sql_is_split_at_semicolons_outside_quotes_and_comments():
    text = "select ';' as a; -- one; two\nselect \"b;\";;/* c; */\n"

    assert magics.statements(text) == ["select ';' as a", '-- one; two\nselect "b;"']


@pytest.mark.parametrize(
    "source", ["%pip install x", "!ls 'it", "x = 1\n%pip install \\\n  a b\ny = 2", "if 1:\n  %fs ls /"]
)
def test_magic_lines_become_calls(source):
    assert magics.without_line_magics(source, compiled).co_names[:1] in (("__line_magic__",), ("x",))


def test_valid_python_is_left_alone():
    source = "text = '''\n%s\n!x\n''' % 'a'"
    namespace = {}

    exec(magics.without_line_magics(source, compiled), namespace)

    assert namespace["text"] == "\na\n!x\n"


def test_other_syntax_errors_stay():
    with pytest.raises(SyntaxError) as caught:
        magics.without_line_magics("x = 1\ny = = 2", compiled)

    assert caught.value.lineno == 2
