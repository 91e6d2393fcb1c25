"""The short version of tests.fire.mutate: some hundred mutated inputs of every kind, always the same ones."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from fuyuan_desk.store.keys.keyring import Cost
from tests.fire import inputs, mutations
from tests.fire.inputs import SHARES, Input, action, mutated, sound_inputs
from tests.fire.mutate import Forge, attempt, pack, unpack

COUNTS = {"roster": 90, "picture": 50, "backup": 20, "office": 12, "command": 25}


@pytest.fixture(autouse=True, scope="module")
def cheap(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A password attempt costs nothing, here only."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Cost.__init__, "__defaults__", (1, 64, 1))
        patch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.mktemp("home")))
        yield


@pytest.fixture(scope="module")
def forge(cheap: None, tmp_path_factory: pytest.TempPathFactory) -> Forge:
    """The valid inputs, created once."""
    return Forge(20_261_122, tmp_path_factory.mktemp("sound"))


@pytest.mark.parametrize("kind", sorted(SHARES))
def test_sound_inputs_are_taken(forge: Forge, tmp_path: Path, kind: str) -> None:
    for sample in forge.sound[kind]:
        whole = Input(
            kind,
            sample.name,
            {name: raw for name, raw in sample.files.items() if name != "key"},
            sample.words,
        )
        if kind == "command" or sample.name == "e.xlsx":  # that one names no columns
            action(whole, tmp_path, forge.sound)
        else:
            assert action(whole, tmp_path, forge.sound) == "taken", sample.name


@pytest.mark.parametrize("kind", sorted(SHARES))
def test_damaged_inputs_are_taken_or_refused_with_a_message(forge: Forge, tmp_path: Path, kind: str) -> None:
    rng = random.Random(kind)
    folder = tmp_path / "work"
    folder.mkdir()
    for number in range(COUNTS[kind]):
        sample = mutated(rng, rng.choice(forge.sound[kind]), forge.sound[kind])
        answer, fault = attempt(forge, sample, folder, traced=kind != "picture" and number % 40 == 0)
        assert answer in ("taken", "refused"), f"{sample.name} {sample.words} {fault}"
        assert list(folder.iterdir()) == []


def test_a_fault_of_the_program_is_reported(
    forge: Forge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inputs, "understand", lambda _book: {}["x"])
    answer, fault = attempt(forge, forge.sound["roster"][0], tmp_path, traced=False)
    assert answer == ""
    assert "KeyError" in fault


def test_finds_of_the_long_version_stay_mended(forge: Forge, tmp_path: Path) -> None:
    words = ("init", "FOLDER/\0", "--office", "x", "--operator", "admin")
    assert action(Input("command", "init", {"in": b""}, words), tmp_path, forge.sound) == "refused"


def test_inputs_that_reach_new_lines_are_kept(forge: Forge, tmp_path: Path) -> None:
    before = forge.kept
    text = "门牌号,室号,户主姓名,与户主关系,联系电话\n1号,101,张三,户主,1\n1号,101,李四,之妻,2\n".encode()
    attempt(forge, Input("roster", "new.csv", {"new.csv": text}), tmp_path, traced=True)
    assert forge.kept == before + 1
    attempt(forge, Input("roster", "new.csv", {"new.csv": text}), tmp_path, traced=True)
    assert forge.kept == before + 1


def test_an_input_is_kept_as_a_text_and_read_back(tmp_path_factory: pytest.TempPathFactory) -> None:
    for sample in sound_inputs(tmp_path_factory.mktemp("packed"))["command"]:
        assert unpack(pack(sample)) == sample


def test_spoiling_keeps_to_its_seed() -> None:
    raw = bytes(range(256))
    first, second = (mutations.mutate(random.Random(5), raw) for _turn in range(2))
    assert first == second != raw
