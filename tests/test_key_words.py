"""A key word stands in the text of a statement; nothing else does."""

from __future__ import annotations

import pytest
from django.db import connection

from dayward.foundation.people.models import Person
from dayward.kernel.models import Constant


def compiled(word: str) -> str:
    query = Person.objects.filter(legal_family=Constant(word)).query
    statement: str = query.get_compiler(connection=connection).as_sql()[0]
    return statement


def test_a_key_word_stands_in_the_statement_itself() -> None:
    assert "= 'open'" in compiled("open") and "= 'no_contact'" in compiled("no_contact")


@pytest.mark.parametrize("word", ["", "o'open", "a b", "1; --", "%s", "per cent%"])
def test_what_somebody_typed_never_does(word: str) -> None:
    with pytest.raises(ValueError, match="is not a key word"):
        compiled(word)
