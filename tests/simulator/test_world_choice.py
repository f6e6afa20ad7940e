"""Worlds by name."""

import pytest

from iracing_sync.errors import SettingsError
from iracing_sync.simulator import ReplayWorld, SyntheticWorld, world_from


def test_a_world_is_synthetic_or_a_folder_of_recordings(recordings):
    assert isinstance(world_from("synthetic"), SyntheticWorld)
    assert isinstance(world_from(str(recordings)), ReplayWorld)


def test_a_world_without_recordings_is_a_wrong_setting(tmp_path):
    with pytest.raises(SettingsError, match="no recordings"):
        world_from(str(tmp_path))
    with pytest.raises(SettingsError, match="no folder"):
        world_from(str(tmp_path / "none"))
