"""Arrays that grow on the disk are what NumPy reads back."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnbuild.data.disk.spool import Spool, map_array, new_array


@settings(deadline=None)
@given(parts=st.lists(st.lists(st.integers(-(2**31), 2**31 - 1)), max_size=5))
def test_what_was_added_piece_by_piece_is_read_as_one_array(tmp_path_factory, parts):
    path = tmp_path_factory.mktemp("spool") / "grown.npy"
    spool = Spool(path, np.int32)
    for part in parts:
        spool.extend(part)
    array = spool.array()
    assert array.dtype == np.int32
    assert array.tolist() == [number for part in parts for number in part]
    assert np.load(path).tolist() == array.tolist()


def test_a_new_array_is_filled_through_its_map(tmp_path):
    array = new_array(tmp_path / "new.npy", np.float32, (3, 2))
    array[1] = 7
    assert map_array(tmp_path / "new.npy").tolist() == [[0, 0], [7, 7], [0, 0]]
    assert new_array(tmp_path / "empty.npy", np.int64, (0, 4)).shape == (0, 4)
    assert map_array(tmp_path / "empty.npy").shape == (0, 4)
