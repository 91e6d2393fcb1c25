"""The measurement of sheets measures what it claims."""

from tests.bench import bench_sheets


def test_the_yardstick_draws_what_we_draw() -> None:
    """The plain canvas gets every string, box and QR of the sheet."""
    (sheet,) = bench_sheets.batch(1)
    ((code, calls),) = bench_sheets.record([sheet])
    texts = {values[4] for kind, values in calls if kind == "text"}
    assert {sheet.number, sheet.subject, *(item.text for item in sheet.items)} <= texts
    assert sum(kind == "box" for kind, _ in calls) == 3 * len(sheet.items) + 8
    assert sum(kind == "qr" for kind, _ in calls) == 1
    assert sheet.number in code
