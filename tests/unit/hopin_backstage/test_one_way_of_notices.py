"""Notices of a group leave by the fan-out, and by nothing else."""

from channels.layers import get_channel_layer


def test_there_is_no_channel_layer_by_which_a_group_could_be_told() -> None:
    assert get_channel_layer() is None
