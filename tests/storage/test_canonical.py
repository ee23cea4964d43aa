"""The journal's canonical JSON is RFC 8785, whichever way it is made."""

from __future__ import annotations

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from meetings.storage.journal import canonical

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]))
)
JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text("aZ_09 \u00e9\U0001f600"), inner)
)


@given(JSON)
def test_both_ways_write_the_same_bytes(data: object) -> None:
    assert canonical(data) == rfc8785.dumps(data)  # pyright: ignore[reportArgumentType]


def test_a_number_that_is_not_exact_everywhere_is_refused() -> None:
    with pytest.raises(rfc8785.IntegerDomainError):
        canonical({"weight": 2**53})
