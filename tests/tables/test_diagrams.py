"""The pictures of the tables show what the database has."""

from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

from sqlalchemy import text

from conftest import REPOSITORY

PICTURES = sorted((REPOSITORY / "docs/diagrams").glob("*.svg"))
SVG = "{http://www.w3.org/2000/svg}"

FOREIGN_KEYS = """
SELECT conname, conrelid::regclass::text, confrelid::regclass::text
FROM pg_constraint WHERE connamespace = 'iracing'::regnamespace AND contype = 'f'
"""

KEYS = """
SELECT c.conrelid::regclass::text AS name, array_agg(a.attname::text ORDER BY c.contype DESC, a.attnum) AS columns
FROM (SELECT conrelid, max(contype::text) AS contype, attnum
      FROM pg_constraint, unnest(conkey) AS attnum
      WHERE connamespace = 'iracing'::regnamespace AND contype IN ('p', 'f') GROUP BY conrelid, attnum) AS c
JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.attnum
WHERE c.conrelid::regclass::text <> 'alembic_version' GROUP BY 1
"""


def groups(picture: Path, kind: str) -> Iterator[tuple[str, str, list[str]]]:
    """Yield id, title and texts of the nodes or edges of a picture."""
    for group in ET.parse(picture).getroot().iter(f"{SVG}g"):  # noqa: S314 # our own file
        if group.get("class") == kind:
            yield (
                str(group.get("id")),
                str(group.findtext(f"{SVG}title")),
                [str(one.text) for one in group.iter(f"{SVG}text")],
            )


def test_each_foreign_key_is_an_arrow_in_one_picture(tables) -> None:
    drawn = [(name, *title.split("->")) for picture in PICTURES for name, title, _ in groups(picture, "edge")]

    assert sorted(drawn) == sorted(map(tuple, tables.execute(text(FOREIGN_KEYS))))


def test_each_table_is_in_one_picture_with_its_keys(tables) -> None:
    drawn = [(title, texts[1:]) for picture in PICTURES for _, title, texts in groups(picture, "node") if texts[1:]]

    assert sorted(drawn) == sorted(map(tuple, tables.execute(text(KEYS))))
