from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.errors import UsageError
from archive.settings import effective, line_of, load, masked


def written(folder: Path, text: str) -> Path:
    path = folder / "onrecord.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_variables_beat_the_file_which_beats_the_defaults(tmp_path: Path) -> None:
    path = written(tmp_path, "[crawl]\ntimeout = 10\nworkers = 3\n")
    crawl = load(path, {"ONRECORD_CRAWL_TIMEOUT": "20"}).crawl
    assert (crawl.timeout, crawl.workers, crawl.allow_private) == (20.0, 3, False)


def test_the_short_name_of_the_database_beats_its_long_one(tmp_path: Path) -> None:
    environ = {"ONRECORD_ARCHIVE_DATABASE": "a.db", "ONRECORD_DATABASE_URL": "postgresql://h/b"}
    assert load(written(tmp_path, ""), environ).archive.database == "postgresql://h/b"


def test_every_value_knows_where_it_comes_from(tmp_path: Path) -> None:
    path = written(tmp_path, "# mine\n[archive]\n\n[crawl]\n# timeout = 5\ntimeout = 10\ncontact = 'a@b.example'\n")
    origins = {f"{item.table}.{item.key}": item.origin for item in effective(path, {"ONRECORD_CRAWL_CONTACT": "c@d.example"})}
    assert origins["crawl.timeout"] == "onrecord.toml:6"
    assert origins["crawl.contact"] == "ONRECORD_CRAWL_CONTACT"
    assert origins["crawl.workers"] == "default"


@pytest.mark.parametrize("text", ["1", "true", "yes", "on", "TRUE"])
def test_a_switch_is_on(tmp_path: Path, text: str) -> None:
    assert load(written(tmp_path, ""), {"ONRECORD_CRAWL_ALLOW_PRIVATE": text}).crawl.allow_private is True


@pytest.mark.parametrize("text", ["0", "false", "no", "off", ""])
def test_a_switch_is_off(tmp_path: Path, text: str) -> None:
    assert load(written(tmp_path, ""), {"ONRECORD_CRAWL_ALLOW_PRIVATE": text}).crawl.allow_private is False


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("ONRECORD_CRAWL_TIMEOUT", "soon"),
        ("ONRECORD_CRAWL_TIMEOUT", "0"),
        ("ONRECORD_CRAWL_WORKERS", "1.5"),
        ("ONRECORD_CRAWL_ALLOW_PRIVATE", "perhaps"),
        ("ONRECORD_EVIDENCE_PAYLOAD_DIGEST", "md5"),
    ],
)
def test_a_wrong_value_names_its_variable(tmp_path: Path, variable: str, value: str) -> None:
    with pytest.raises(UsageError, match=f"^{variable}: .*{value!r}"):
        load(written(tmp_path, ""), {variable: value})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[crawl]\n\ncontct = 'x'\n", "onrecord.toml:3: unknown key crawl.contct; did you mean contact?"),
        ("[crwl]\ncontact = 'x'\n", "onrecord.toml:1: unknown key crwl; did you mean [crawl]?"),
        ("contact = 'x'\n", "onrecord.toml:1: unknown key contact; it belongs under [crawl]"),
        ("[archive]\ntimeout = 3\n", "onrecord.toml:2: unknown key archive.timeout; it belongs under [crawl]"),
        ("[evidence]\nrotate = 12\n", "onrecord.toml:2: evidence.rotate: input should be greater than or equal to 1048576"),
        ("crawl = 3\n", "onrecord.toml:1: crawl is a table: write [crawl]"),
        ("[crawl\n", "onrecord.toml: not TOML: "),
        ("crawl.timeout = 'x'\n", "onrecord.toml:1: crawl.timeout: "),
    ],
)
def test_a_wrong_file_names_key_line_and_nearest(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        load(written(tmp_path, text), {})
    assert f"{tmp_path}/{message}" in caught.value.message
    assert "\n" not in caught.value.message


def test_a_file_that_is_no_text_is_told_so(tmp_path: Path) -> None:
    path = tmp_path / "onrecord.toml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UsageError, match="not UTF-8"):
        load(path, {})


def test_a_byte_order_mark_of_an_editor_is_no_error(tmp_path: Path) -> None:
    path = tmp_path / "onrecord.toml"
    path.write_bytes(b"\xef\xbb\xbf[crawl]\nworkers = 2\n")
    assert load(path, {}).crawl.workers == 2


def test_a_mistyped_variable_is_told_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="ONRECORD_CRAWL_TIMOUT; did you mean ONRECORD_CRAWL_TIMEOUT"):
        load(written(tmp_path, ""), {"ONRECORD_CRAWL_TIMOUT": "1"})


def test_variables_of_others_are_left_alone(tmp_path: Path) -> None:
    load(written(tmp_path, ""), {"ONRECORD_ARCHIVE": "/x", "ONRECORD_SHARED": "/y", "CRAWL_TIMEOUT": "z"})


def test_secrets_are_masked_wherever_they_stand() -> None:
    assert masked("database", "postgresql://me:s3cret@host/db") == "postgresql://me:***@host/db"
    assert masked("urls", ["https://a:b@c/"]) == ["https://a:***@c/"]
    assert masked("smtp", {"host": "h", "password": "p", "api_key": "k"}) == {"host": "h", "password": "***", "api_key": "***"}
    assert masked("contact", "you@example.org") == "you@example.org"
    assert masked("token", None) is None


@given(st.text(st.characters(codec="utf-8"), max_size=60))
def test_any_text_is_settings_or_one_line_of_complaint(text: str) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        try:
            load(written(Path(folder), text), {})
        except UsageError as error:
            assert len(error.message.splitlines()) == 1


def test_a_line_is_found_inside_its_own_table() -> None:
    text = "[a]\nx = 1\n[b]\n# x = 2\n'x' = 3\n[[c.d]]\nx = 4\n"
    assert [line_of(text, path) for path in (("a", "x"), ("b", "x"), ("c", "d", "x"), ("b",), ("z",))] == [2, 5, 7, 3, None]


def test_a_mistake_in_a_channel_is_named_when_the_archive_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "onrecord.toml"
    text = '[[alerts.channel]]\nname = "a"\nby = "command"\ncommand = ["x"]\n\n'
    text += '[[alerts.channel]]\nname = "b"\nby = "mail"\nhots = "m"\n'
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=r"onrecord.toml:9: unknown key alerts.channel.1.hots; did you mean host\?"):
        load(path, {})
    path.write_text(text.replace("hots", "host"), encoding="utf-8")
    with pytest.raises(UsageError, match=r"onrecord.toml:6: alerts.channel.1: a channel by mail needs sender"):
        load(path, {})
