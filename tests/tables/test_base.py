"""Records as plain values."""

import subprocess
import sys
from dataclasses import MISSING, fields

import pytest

from iracing_sync.result import MIRRORED_TABLES
from iracing_sync.tables.base import UNSAID
from iracing_sync.tables.cars import CarClassMember
from iracing_sync.tables.mirrored import Base
from iracing_sync.tables.series import Series

READ = "from iracing_sync.tables.cars import CarClassMember; print(CarClassMember(car_class_id=1, car_id=2).car_id)"


def test_a_record_can_be_read_before_any_statement_is_built() -> None:
    assert subprocess.run([sys.executable, "-c", READ], capture_output=True, text=True, check=True).stdout == "2\n"


def test_a_forgotten_or_unknown_value_is_an_error() -> None:
    with pytest.raises(TypeError, match=r"CarClassMember: missing or unknown: \['car_id'\]"):
        CarClassMember(car_class_id=1)  # type: ignore[call-arg]
    with pytest.raises(TypeError, match=r"missing or unknown: \['colour'\]"):
        CarClassMember(car_class_id=1, car_id=2, colour="red")  # type: ignore[call-arg]


def test_what_another_document_says_may_be_left_unsaid() -> None:
    said = {field.name: None for field in fields(Series) if field.init and field.default is MISSING}

    assert Series(**said).logo is UNSAID


def test_the_tables_of_a_result_are_those_of_the_records() -> None:
    assert {mapper.local_table.name for mapper in Base.registry.mappers} == set(MIRRORED_TABLES)
